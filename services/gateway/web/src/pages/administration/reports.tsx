import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { request } from "../../api/client";
import { invalidate, useResource } from "../../api/resource";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { Picker } from "../../components/picker";
import { Table } from "../../components/table";
import { toast } from "../../components/toast";
import { useView } from "../../state/view";
import { choiceOf } from "./chosen-client";
import { Deliveries } from "./deliveries";
import { useClients } from "./directory";
import { columnsOf } from "./report-columns";
import { type Report } from "./report-draft";
import { ReportForm } from "./report-form";
import { PAGE_SIZE, REPORTS } from "./state";

type Opened = { readonly what: "new" } | { readonly what: "edit" | "delete"; readonly report: Report };

export function ReportsTab(): JSX.Element {
  const { state, change } = useView(REPORTS);
  const [opened, open] = useState<Opened | null>(null);
  const { of: client, sort, order, page, report } = state;
  const found = useResource("/reports", {
    query: { client_id: client, sort_by: sort, order, page, page_size: PAGE_SIZE },
  });
  const columns = columnsOf({
    shown: report,
    sorting: state,
    onSort: (next) => change({ ...next, page: 1 }),
    onShow: (id) => change({ report: id === report ? null : id, log: 1 }),
    onEdit: (each) => open({ what: "edit", report: each }),
    onDelete: (each) => open({ what: "delete", report: each }),
  });
  const chosen = found.data?.data.find(({ id }) => id === report) ?? null;
  return (
    <div class="stack">
      <Card title="Scheduled reports" controls={<Filters onAdd={() => open({ what: "new" })} />}>
        <Loaded resource={found} height={240}>
          {({ data, total }) => (
            <>
              {data.length > 0 && (
                <Table
                  caption="List of scheduled reports"
                  columns={columns}
                  rows={data}
                  rowKey={(row) => row.id ?? ""}
                />
              )}
              {data.length === 0 && <NoReports isFiltered={client !== null} />}
              <Pager
                label="Pages of schedules"
                page={page}
                pageSize={PAGE_SIZE}
                total={total ?? 0}
                onPage={(next) => change({ page: next })}
              />
            </>
          )}
        </Loaded>
      </Card>
      {report !== null && <Deliveries key={report} id={report} report={chosen} />}
      {opened?.what === "new" && <ReportForm report={null} client={client} onClose={() => open(null)} />}
      {opened?.what === "edit" && <ReportForm report={opened.report} client={null} onClose={() => open(null)} />}
      {opened?.what === "delete" && (
        <EndReport
          report={opened.report}
          onClose={() => open(null)}
          onEnded={() => opened.report.id === report && change({ report: null, log: 1 }, { replace: true })}
        />
      )}
    </div>
  );
}

function Filters({ onAdd }: { readonly onAdd: () => void }): JSX.Element {
  const { state, change } = useView(REPORTS);
  const clients = useClients().data?.data ?? [];
  return (
    <div class="row">
      <Picker
        label="Client"
        value={state.of}
        none="All clients"
        choices={clients.map(choiceOf)}
        onChoose={(of) => change({ of, page: 1, report: null, log: 1 })}
      />
      <Button kind="primary" onClick={onAdd}>
        Schedule a report
      </Button>
    </div>
  );
}

function NoReports({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  return (
    <Empty title={isFiltered ? "Nothing is sent about this client" : "Nothing is sent yet"}>
      <p>A scheduled report goes out by e-mail when the data of its week or month is there.</p>
    </Empty>
  );
}

interface EndReportProps {
  readonly report: Report;
  readonly onClose: () => void;
  readonly onEnded: () => void;
}

function EndReport({ report, onClose, onEnded }: EndReportProps): JSX.Element {
  const work = async (): Promise<void> => {
    await request("delete", "/reports/{report_id}", { at: { report_id: report.id ?? "" } });
    onEnded();
    invalidate("/reports");
    toast("The schedule is ended.");
  };
  return (
    <Ask title="End the schedule?" action="End it" kind="danger" onDo={work} onClose={onClose}>
      <p>
        The {report.frequency} reports about <Name text={report.client_name ?? ""} /> are not sent any more. The list of
        what was sent goes, too; the audit log keeps what the schedule was.
      </p>
      <p class="muted">To pause it, edit it instead.</p>
    </Ask>
  );
}
