import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { useRepeated } from "../../api/repeated";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Progress } from "../../components/progress";
import { Table } from "../../components/table";
import { formatDay, formatMoment, formatRange } from "../../format/dates";
import { NOTHING, formatCount } from "../../format/numbers";
import { sourceName } from "../../shell/scope-bar";
import { type OperationsState, hrefTo } from "./state";
import { RunStatusBadge } from "./status";
import { textIn } from "./words";

type Job = Answer<"/admin/backfills/{backfill_id}">;

const POLL_MS = 2_000;

/** How far a backfill is, day by day. */
export function BackfillJob({ id, state }: { readonly id: string; readonly state: OperationsState }): JSX.Element {
  const job = useResource("/admin/backfills/{backfill_id}", { at: { backfill_id: id } });
  useRepeated(job.reload, job.data?.status === "running" ? POLL_MS : null);
  return (
    <Card title="Progress">
      <Loaded resource={job} height={260}>
        {(data) => (
          <>
            <div class="card-body stack" role="status">
              <Summary job={data} />
            </div>
            <Days job={data} state={state} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Summary({ job }: { readonly job: Job }): JSX.Element {
  const [done, total] = [job.days_done ?? 0, job.days_total ?? 0];
  const parts = [
    [job.days_skipped, "stood already"],
    [job.days_failed, "failed"],
    [job.days_left, "to come"],
  ] as const;
  const told = parts.filter(([count]) => (count ?? 0) > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return (
    <>
      <p>
        <Name text={job.client_name ?? ""} /> · {sourceName(job.source ?? "")} ·{" "}
        {formatRange({ start: job.start_date ?? "", end: job.end_date ?? "" })}
        <span class="muted small"> · asked for {formatMoment(job.created_at)}</span>
      </p>
      <Progress
        label={job.status === "done" ? "Done" : "Fetching …"}
        percent={total === 0 ? 100 : (done / total) * 100}
        told={`${formatCount(done)} of ${formatCount(total)} days`}
      />
      {told.length > 0 && <p class="muted small">{told.join(", ")}</p>}
    </>
  );
}

function Days({ job, state }: { readonly job: Job; readonly state: OperationsState }): JSX.Element {
  return (
    <Table
      caption="Days of the job"
      rows={job.days}
      rowKey={(day) => day.date ?? ""}
      columns={[
        { key: "date", title: "Day", cell: (day) => <span class="nowrap">{formatDay(day.date)}</span> },
        { key: "status", title: "Status", cell: (day) => <RunStatusBadge status={day.status} /> },
        { key: "error", title: "Why", kind: "wide", cell: (day) => <Why error={textIn(day.error)} /> },
        {
          key: "run",
          title: "Run",
          cell: (day) =>
            day.run_id === null ? NOTHING : <Link href={hrefTo(state, { run: day.run_id })}>Details</Link>,
        },
      ]}
    />
  );
}

function Why({ error }: { readonly error: string | null }): JSX.Element {
  return error === null ? <>{NOTHING}</> : <Name text={error} />;
}
