import { type JSX } from "preact";
import { isAdmin } from "../../api/auth";
import { session } from "../../api/session";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Badge, Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { Select } from "../../components/select";
import { type Column, Table } from "../../components/table";
import { formatMoment } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useRepeated } from "../../api/repeated";
import { ClientFilter, useActiveClients } from "../../shell/client-filter";
import { type View } from "../../state/view";
import { STATUSES, type Upload, useUploads } from "./api";
import { type UPLOADS_VIEW } from "./state";
import { STATUS_TEXTS, formatSize, stateOf } from "./words";

const PAGE_SIZE = 25;
const ROW_HEIGHT = 36;
const POLL_MS = 3_000;

/** What was uploaded so far. */
export function History({ view }: { readonly view: View<typeof UPLOADS_VIEW> }): JSX.Element {
  const { state, change } = view;
  const uploads = useUploads({
    client_id: state.client,
    status: state.status,
    page: state.page,
    page_size: PAGE_SIZE,
    sort_by: state.sort,
    order: state.order,
  });
  const underWay = uploads.data?.data.some((each) => each.status === "pending" || each.status === "processing");
  useRepeated(uploads.reload, underWay === true ? POLL_MS : null);
  return (
    <Card title="Uploads so far">
      <Filters view={view} />
      <Loaded resource={uploads} height={8 * ROW_HEIGHT}>
        {(page) =>
          page.data.length === 0 && page.total === 0 ? (
            <Nothing isFiltered={state.client !== null || state.status !== null} />
          ) : (
            <>
              <Table
                caption="List of uploads"
                rows={page.data}
                rowKey={(row) => row.upload_id}
                columns={columnsOf(view)}
              />
              <Pager
                label="Pages of uploads"
                page={page.page}
                pageSize={page.page_size}
                total={page.total}
                onPage={(to) => change({ page: to })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Filters({ view }: { readonly view: View<typeof UPLOADS_VIEW> }): JSX.Element {
  const { state, change } = view;
  const { data: listed } = useActiveClients();
  const hasMany = listed === null ? isAdmin(session.value) : listed.data.length > 1;
  return (
    <div class="filters">
      {hasMany && (
        <ClientFilter client={state.client} onChange={(client) => change({ client, page: 1 })} />
      )}
      <Select
        inBar
        label="State"
        value={state.status ?? "all"}
        options={[["all", "All states"], ...STATUSES.map((each) => [each, STATUS_TEXTS[each]] as const)]}
        onChange={(status) => change({ status: status === "all" ? null : status, page: 1 })}
      />
    </div>
  );
}

function columnsOf({ state, change }: View<typeof UPLOADS_VIEW>): readonly Column<Upload>[] {
  const sorting = (by: typeof state.sort): Pick<Column<Upload>, "sorted" | "onSort"> => ({
    sorted: state.sort !== by ? "none" : state.order === "asc" ? "ascending" : "descending",
    onSort: () => change({ sort: by, order: state.sort === by && state.order === "desc" ? "asc" : "desc", page: 1 }),
  });
  return [
    {
      key: "file",
      title: "File",
      ...sorting("file_name"),
      cell: (row) => (
        <button type="button" class="link" onClick={() => change({ upload: row.upload_id })}>
          <Name text={row.file_name} />
        </button>
      ),
    },
    { key: "client", title: "Client", cell: (row) => <Name text={row.client_name} /> },
    {
      key: "state",
      title: "State",
      cell: (row) => <Badge kind={stateOf(row).kind}>{stateOf(row).text}</Badge>,
    },
    { key: "loaded", title: "Loaded", kind: "number", cell: (row) => formatCount(row.rows_loaded) },
    { key: "rejected", title: "Rejected", kind: "number", cell: (row) => formatCount(row.rows_rejected) },
    { key: "size", title: "Size", kind: "number", ...sorting("size"), cell: (row) => formatSize(row.size) },
    { key: "when", title: "Uploaded", ...sorting("uploaded_at"), cell: uploadedAt },
    { key: "who", title: "By", cell: (row) => <Name text={row.uploaded_by ?? "–"} /> },
  ];
}

function uploadedAt(row: Upload): JSX.Element {
  return <span class="nowrap">{formatMoment(row.uploaded_at)}</span>;
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  return isFiltered ? (
    <Empty title="No upload is of this kind">
      <p>Choose another client or state.</p>
    </Empty>
  ) : (
    <Empty title="Nothing was uploaded yet">
      <p>Drop an export of Ads Manager above: you see what it changes before it is loaded.</p>
    </Empty>
  );
}
