import { type JSX } from "preact";
import { noDataReason } from "../../api/figures";
import { type Metric } from "../../api/metrics";
import { type TrendPoint } from "../../charts/points";
import { Change, Figure } from "../../components/figure";
import { Link } from "../../components/link";
import { type Column, Table } from "../../components/table";
import { formatRange, formatWeekday } from "../../format/dates";
import { type Overview } from "./state";
import { Value } from "./value";

interface TrendTableProps {
  readonly points: readonly TrendPoint[];
  readonly metric: Metric;
  readonly overview: Overview;
  readonly hasComparison: boolean;
  readonly hrefAt: (point: TrendPoint) => string;
}

/** What the chart draws, to be read, heard, and clicked without a mouse. */
export function TrendTable({ points, metric, overview, hasComparison, hrefAt }: TrendTableProps): JSX.Element {
  const { currency } = overview;
  const columns: Column<TrendPoint>[] = [
    { key: "date", title: "Days", cell: (point) => <Link href={hrefAt(point)}>{periodOf(point)}</Link> },
    {
      key: "value",
      title: metric.label,
      kind: "number",
      cell: ({ date, endDate, value }) => (
        <Value
          overview={overview}
          metric={metric}
          figures={{ [metric.name]: value }}
          of={{ start_date: date, end_date: endDate }}
        />
      ),
    },
    { key: "status", title: "State", cell: (point) => <span class="muted">{stateOf(point)}</span> },
  ];
  const compared: Column<TrendPoint>[] = [
    {
      key: "compare",
      title: "Compared",
      kind: "number",
      cell: ({ compareValue }) => <Figure metric={metric} value={compareValue} currency={currency} />,
    },
    {
      key: "change",
      title: "Change",
      kind: "number",
      cell: ({ change }) => <Change metric={metric} percent={change} />,
    },
  ];
  return (
    <Table
      caption={`${metric.label} over time`}
      columns={hasComparison ? [...columns.slice(0, 2), ...compared, ...columns.slice(2)] : columns}
      rows={points}
      rowKey={(point) => point.date}
    />
  );
}

function periodOf({ date, endDate }: TrendPoint): string {
  return date === endDate ? formatWeekday(date) : formatRange({ start: date, end: endDate });
}

function stateOf({ status, reason }: TrendPoint): string {
  if (status === "no_data") return `No data: ${noDataReason(reason)}`;
  return status === "provisional" ? "Provisional" : "Final";
}
