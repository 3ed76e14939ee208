import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { type Column, Table } from "../../components/table";
import { formatDay, formatMoment } from "../../format/dates";
import { NOTHING, formatCount } from "../../format/numbers";
import { type OperationsState, type OperationsView, hrefTo } from "./state";
import { RunStatusBadge, SourceName } from "./status";
import { duration, textIn } from "./words";

export type Run = Answer<"/admin/ingestion-logs">["data"][number];

interface RunsTableProps {
  readonly rows: readonly Run[];
  readonly state: OperationsState;
  /** Where it can be sorted. */
  readonly change?: OperationsView["change"];
  /** Of one client, source and day: they need not be told. */
  readonly isOfOneDay?: boolean;
  /** Why something is in quarantine. */
  readonly showsReason?: boolean;
  readonly caption?: string;
}

/** A line for each run; its first cell opens the details. */
export function RunsTable(props: RunsTableProps): JSX.Element {
  const { rows, state, change, isOfOneDay = false, showsReason = false, caption = "List of runs" } = props;
  const sorting = (by: OperationsState["sort"]): Pick<Column<Run>, "sorted" | "onSort"> => {
    if (change === undefined) return {};
    const flipped = state.sort === by && state.order === "desc" ? "asc" : "desc";
    return {
      sorted: state.sort !== by ? "none" : state.order === "asc" ? "ascending" : "descending",
      onSort: () => change({ sort: by, order: flipped, page: 1 }),
    };
  };
  const open = (run: Run): string => hrefTo(state, { run: run.run_id });
  const whose: Column<Run>[] = [
    { key: "client", title: "Client", cell: (run) => <Name text={run.client_name ?? ""} /> },
    { key: "source", title: "Source", cell: (run) => <SourceName source={run.source} /> },
  ];
  const why: Column<Run> = { key: "why", title: "Why", kind: "wide", cell: (run) => <Name text={reasonOf(run)} /> };
  const number = (key: "rows_read" | "rows_loaded" | "rows_rejected", title: string): Column<Run> => ({
    key,
    title,
    kind: "number",
    ...(key === "rows_read" ? {} : sorting(key)),
    cell: (run) => formatCount(run[key]),
  });
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={(run) => `${run.run_id ?? ""} ${run.client_id ?? ""}`}
      columns={[
        {
          key: "day",
          title: "Day",
          ...sorting("run_date"),
          cell: (run) => (
            <Link href={open(run)} class="nowrap">
              {run.run_date === null ? "Several days" : formatDay(run.run_date)}
            </Link>
          ),
        },
        ...(isOfOneDay ? [] : whose),
        { key: "status", title: "Status", ...sorting("status"), cell: (run) => <Status run={run} /> },
        ...(showsReason ? [why] : []),
        ...(showsReason ? [] : [number("rows_read", "Read"), number("rows_loaded", "Loaded")]),
        number("rows_rejected", "Rejected"),
        { key: "started", title: "Started", ...sorting("started_at"), cell: startedAt },
        {
          key: "took",
          title: "Took",
          kind: "number",
          cell: (run) => duration(run.started_at, run.finished_at) ?? NOTHING,
        },
      ]}
    />
  );
}

function startedAt(run: Run): JSX.Element {
  return <span class="nowrap">{formatMoment(run.started_at)}</span>;
}

function Status({ run }: { readonly run: Run }): JSX.Element {
  return (
    <span class="row nowrap">
      <RunStatusBadge status={run.status} />
      {textIn(run.resolution_status) !== null && <Badge>Resolved</Badge>}
      {run.warnings.length > 0 && (
        <span title="It has warnings">
          <span aria-hidden="true">⚠</span>
          <span class="visually-hidden">has warnings</span>
        </span>
      )}
    </span>
  );
}

/** What went wrong, the first of its warnings, or how much was rejected. */
export function reasonOf(run: Pick<Run, "error" | "warnings" | "rows_rejected" | "rows_read">): string {
  const { rows_rejected: rejected, rows_read: read } = run;
  const share = (rejected ?? 0) > 0 ? `${formatCount(rejected)} of ${formatCount(read)} rows were rejected` : null;
  return textIn(run.error) ?? messageOf(run.warnings[0]) ?? share ?? NOTHING;
}

export function messageOf(warning: unknown): string | null {
  if (typeof warning === "string") return warning;
  if (typeof warning !== "object" || warning === null) return null;
  const { message, code } = warning as { readonly message?: unknown; readonly code?: unknown };
  return textIn(message) ?? textIn(code);
}
