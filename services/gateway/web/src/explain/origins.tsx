import { type ComponentChildren, type JSX } from "preact";
import { Name } from "../components/name";
import { Badge } from "../components/notes";
import { Table } from "../components/table";
import { formatDay, formatMoment, formatRange } from "../format/dates";
import { NOTHING, formatCount } from "../format/numbers";
import { sourceName } from "../shell/scope-bar";
import {
  type Explanation,
  type Restatement,
  type Term,
  formatExact,
  restatedBy,
  restatementsOf,
  termLabel,
  termMetric,
} from "./parts";

interface ToldProps {
  readonly told: Explanation;
}

interface PartProps {
  readonly title: string;
  /** How many there are, where not all are shown. */
  readonly total?: number | null;
  readonly shown: number;
  readonly none?: string;
  readonly children: ComponentChildren;
}

function Part({ title, total = null, shown, none, children }: PartProps): JSX.Element {
  return (
    <section class="explain-part">
      <h3>
        {title} {total !== null && <span class="muted">{formatCount(total)}</span>}
      </h3>
      {shown === 0 ? <p class="muted small">{none}</p> : children}
      {total !== null && total > shown && shown > 0 && (
        <p class="muted small">The newest {formatCount(shown)} are shown.</p>
      )}
    </section>
  );
}

function days(first: string | null, last: string | null): string {
  return first === null || last === null ? NOTHING : formatRange({ start: first, end: last });
}

/** The CPMs in force, by source and days. */
export function Rates({ told }: ToldProps): JSX.Element {
  const columns = [
    { key: "source", title: "Source", cell: (row: Explanation["rates"][number]) => sourceName(row.source ?? "") },
    {
      key: "cpm",
      title: "CPM in force",
      kind: "number" as const,
      cell: (row: Explanation["rates"][number]) =>
        row.cpm === null || row.cpm === undefined ? (
          <Badge kind="warning">unpriced</Badge>
        ) : (
          formatExact("money", row.cpm, told.currency)
        ),
    },
    { key: "days", title: "Days", cell: (row: Explanation["rates"][number]) => days(row.first_day, row.last_day) },
    {
      key: "count",
      title: "Number of days",
      kind: "number" as const,
      cell: (row: Explanation["rates"][number]) => formatCount(row.days),
    },
  ];
  return (
    <Part title="Rates" shown={told.rates.length}>
      <Table
        caption="Rates in force"
        columns={columns}
        rows={told.rates}
        rowKey={(row) => `${row.client_id ?? ""} ${row.source ?? ""} ${row.rate_id ?? ""} ${row.first_day ?? ""}`}
      />
    </Part>
  );
}

type Run = Explanation["runs"]["data"][number];

/** The deliveries that stand behind these days. */
export function Runs({ told }: ToldProps): JSX.Element {
  const columns = [
    { key: "delivered", title: "Delivered", cell: (run: Run) => formatMoment(run.delivered_at) },
    { key: "source", title: "Source", cell: (run: Run) => sourceName(run.source ?? "") },
    { key: "days", title: "Days", cell: (run: Run) => days(run.first_day, run.last_day) },
    {
      key: "file",
      title: "File",
      kind: "wide" as const,
      cell: (run: Run) => <FileName name={run.file?.name ?? null} path={pathOf(run)} />,
    },
    { key: "status", title: "Run", cell: (run: Run) => <Badge>{run.status ?? NOTHING}</Badge> },
  ];
  return (
    <Part
      title="Runs and files"
      total={told.runs.total}
      shown={told.runs.data.length}
      none="No delivery stands behind these days."
    >
      <Table caption="Runs and files" columns={columns} rows={told.runs.data} rowKey={(run) => run.run_id ?? ""} />
    </Part>
  );
}

function pathOf({ file }: Run): string | null {
  return file?.bucket === undefined || file.bucket === null ? null : `${file.bucket}/${file.key ?? ""}`;
}

function FileName({ name, path }: { readonly name: string | null; readonly path: string | null }): JSX.Element {
  if (name === null) return <span class="muted">{NOTHING}</span>;
  return <span title={path ?? undefined}><Name text={name} /></span>;
}

interface RestatementsProps extends ToldProps {
  readonly terms: readonly Term[];
}

/** What stood before and stands now. The API tells it of whole days of a source. */
export function Restatements({ told, terms }: RestatementsProps): JSX.Element {
  const rows = restatementsOf(told.restatements.data, terms);
  const columns = [
    { key: "at", title: "Changed", cell: (row: Restatement) => formatMoment(row.changedAt) },
    { key: "day", title: "Day", cell: (row: Restatement) => formatDay(row.date) },
    { key: "source", title: "Source", cell: (row: Restatement) => sourceName(row.source) },
    {
      key: "change",
      title: "Before → now",
      kind: "number" as const,
      cell: (row: Restatement) => <Changes row={row} currency={told.currency} />,
    },
    {
      key: "why",
      title: "By",
      kind: "wide" as const,
      cell: (row: Restatement) => (
        <>
          {restatedBy(row.kind)}
          {row.file !== null && <>: <Name text={row.file} /></>}
        </>
      ),
    },
  ];
  return (
    <Part
      title="Restatements"
      total={told.restatements.total}
      shown={rows.length}
      none="Nothing in these days was restated."
    >
      <p class="muted small">Of whole days of a source, of which this number may be a part.</p>
      <Table caption="Restatements" columns={columns} rows={rows} rowKey={(row) => row.id} />
    </Part>
  );
}

function Changes({ row, currency }: { readonly row: Restatement; readonly currency: string | null }): JSX.Element {
  if (row.changes.length === 0) return <span class="muted">of other measures</span>;
  return (
    <>
      {row.changes.map(({ name, before, after }) => {
        const unit = termMetric(name)?.unit ?? null;
        return (
          <div key={name}>
            <span class="muted small">{termLabel(name)} </span>
            {formatExact(unit, before, currency)} → {formatExact(unit, after, currency)}
          </div>
        );
      })}
    </>
  );
}
