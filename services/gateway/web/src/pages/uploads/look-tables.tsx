import { type JSX } from "preact";
import { METRICS } from "../../api/metrics";
import { Figure } from "../../components/figure";
import { Name } from "../../components/name";
import { Table } from "../../components/table";
import { formatDay } from "../../format/dates";
import { NOTHING, formatCount, formatFigure } from "../../format/numbers";
import { type ChangedRow, type Grain, type Preview } from "./api";
import { type TotalChange, controlTotals, difference, metricChanges, totalChanges } from "./changes";

interface WithCurrency {
  readonly currency: string | null;
}

export function Totals({ totals, currency }: WithCurrency & Pick<Preview, "totals">): JSX.Element {
  return (
    <Table
      caption="Totals before and after"
      rows={totalChanges(totals)}
      rowKey={(row) => row.name}
      columns={[
        { key: "name", title: "Total", cell: (row) => row.metric?.label ?? "Rows" },
        { key: "before", title: "Before", kind: "number", cell: (row) => amount(row, row.before, currency) },
        { key: "after", title: "After", kind: "number", cell: (row) => amount(row, row.after, currency) },
        {
          key: "difference",
          title: "Difference",
          kind: "number",
          cell: (row) => <Signed row={row} currency={currency} />,
        },
      ]}
    />
  );
}

type Amount = Pick<TotalChange, "metric">;

function amount({ metric }: Amount, value: number | null, currency: string | null): JSX.Element {
  if (metric !== null) return <Figure metric={metric} value={value} currency={currency} />;
  return <data value={String(value)}>{formatCount(value)}</data>;
}

function Signed({ row, currency }: WithCurrency & { readonly row: TotalChange }): JSX.Element {
  const { difference: by, metric } = row;
  if (by === null) return <span>{NOTHING}</span>;
  if (by === 0) return <span class="muted">0</span>;
  const size = Math.abs(by);
  const text = metric === null ? formatCount(size) : formatFigure(metric, size, currency);
  return (
    <data value={String(by)}>
      {by > 0 ? "+" : "−"}
      {text}
    </data>
  );
}

const NAMES = [
  { key: "date", title: "Day", cell: (row: Grain) => <span class="nowrap">{formatDay(row.date)}</span> },
  { key: "campaign", title: "Campaign", cell: (row: Grain) => <Name text={row.campaign} /> },
  { key: "strategy", title: "Ad set", cell: (row: Grain) => <Name text={row.strategy} /> },
  { key: "creative", title: "Ad", cell: (row: Grain) => <Name text={row.creative} /> },
] as const;

function keyOf(row: Grain): string {
  return JSON.stringify([row.date, row.campaign, row.strategy, row.placement, row.creative]);
}

interface GrainRowsProps {
  readonly caption: string;
  readonly examples: { readonly count: number; readonly rows: readonly Grain[] };
}

export function GrainRows({ caption, examples }: GrainRowsProps): JSX.Element {
  return (
    <>
      <Table caption={caption} rows={examples.rows} rowKey={keyOf} columns={NAMES} />
      <More shown={examples.rows.length} count={examples.count} />
    </>
  );
}

interface ChangedRowsProps extends WithCurrency {
  readonly rows: readonly ChangedRow[];
  readonly count: number;
}

export function ChangedRows({ rows, count, currency }: ChangedRowsProps): JSX.Element {
  const changes = (row: ChangedRow): JSX.Element => (
    <ul class="reasons">
      {metricChanges(row).map(({ metric, before, after }) => (
        <li key={metric.name}>
          <span class="muted">{metric.label}</span> <Figure metric={metric} value={before} currency={currency} /> →{" "}
          <strong>
            <Figure metric={metric} value={after} currency={currency} />
          </strong>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <Table
        caption="Rows that change"
        rows={rows}
        rowKey={keyOf}
        columns={[...NAMES, { key: "changes", title: "Changes", cell: changes }]}
      />
      <More shown={rows.length} count={count} />
    </>
  );
}

function More({ shown, count }: { readonly shown: number; readonly count: number }): JSX.Element | null {
  if (shown >= count) return null;
  return (
    <p class="muted small more">
      {formatCount(shown)} of {formatCount(count)}, as examples.
    </p>
  );
}

/** As Ads Manager calls them. */
const COLUMNS: Readonly<Record<string, string | undefined>> = {
  date: "Day",
  campaign: "Campaign",
  strategy: "Ad set",
  placement: "Placement",
  creative: "Ad",
};

export function Definitions({ definitions }: Pick<Preview, "definitions">): JSX.Element | null {
  const known = Object.entries(definitions ?? {});
  if (known.length === 0) return null;
  const label = (name: string): string =>
    METRICS.find((metric) => metric.name === name)?.label ?? COLUMNS[name] ?? name;
  return (
    <Table
      caption="Which columns count"
      rows={known}
      rowKey={([name]) => name}
      columns={[
        { key: "metric", title: "Counted as", cell: ([name]) => label(name) },
        { key: "column", title: "Column of the file", cell: ([, column]) => <Name text={column} /> },
      ]}
    />
  );
}

interface ControlTotalsProps extends WithCurrency {
  readonly said: Preview["control_totals"];
  /** What stands on these days afterwards; undefined: not known. */
  readonly after?: Preview["totals"]["after"];
}

/** The file's own total row; beside it what stands on its days afterwards. */
export function ControlTotals({ said, after, currency }: ControlTotalsProps): JSX.Element {
  const rows = controlTotals(said);
  if (rows.length === 0) return <p class="muted small">The file has no total row of its own.</p>;
  return (
    <Table
      caption="The file's own totals"
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { key: "name", title: "The file's total row", cell: (row) => row.metric?.label ?? row.name },
        { key: "said", title: "It says", kind: "number", cell: (row) => amount(row, row.said, currency) },
        ...(after === undefined
          ? []
          : [
              {
                key: "after",
                title: "These days, after",
                kind: "number" as const,
                cell: (row: (typeof rows)[number]) => {
                  const stands = after[row.name] ?? null;
                  const same = difference(row.said, stands) === 0;
                  return (
                    <>
                      {amount(row, stands, currency)}
                      {same && <span class="visually-hidden"> (the same)</span>}
                      {same && <span aria-hidden="true"> ✓</span>}
                    </>
                  );
                },
              },
            ]),
      ]}
    />
  );
}
