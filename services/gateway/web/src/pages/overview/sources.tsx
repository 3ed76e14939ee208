import { type JSX } from "preact";
import { type Figures, figureOf, metricOf, metricsIn } from "../../api/figures";
import { type MetricName } from "../../api/metrics";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Empty } from "../../components/notes";
import { type Column, Table } from "../../components/table";
import { type ExplainQuery } from "../../explain/question";
import { formatShare } from "../../format/numbers";
import { sourceName } from "../../shell/scope-bar";
import { explorerHref } from "../../state/links";
import { SOURCES, type Source } from "../../state/view";
import { Bar } from "./bar";
import { type Dashboard, type Overview } from "./state";
import { Value } from "./value";

type Row = Dashboard["source_breakdown"]["data"][number];
const COLUMNS: readonly MetricName[] = ["spend", "conversions", "cpa", "roas"];

export function SourcesCard({ overview }: { readonly overview: Overview }): JSX.Element {
  return (
    <Card title="Sources">
      <Loaded resource={overview.dashboard} height={181}>
        {({ source_breakdown: { data, totals } }) =>
          data.length === 0 ? (
            <Empty title="Nothing was delivered on these days" />
          ) : (
            <Table
              caption="Figures by source"
              columns={columnsOf(overview, totals)}
              rows={data}
              rowKey={(row) => row.source ?? ""}
              hasTotals
            />
          )
        }
      </Loaded>
    </Card>
  );
}

function columnsOf(overview: Overview, totals: Figures): Column<Row>[] {
  const { state } = overview;
  const shown = metricsIn(totals);
  const figures = COLUMNS.map(metricOf).filter((metric) => shown.includes(metric));
  return [
    {
      key: "source",
      title: "Source",
      cell: (row) => (
        <Link class="row-link" href={explorerHref(state, { source: sourceOf(row) })}>
          <span class="dot" data-source={row.source} />
          {sourceName(row.source ?? "")}
        </Link>
      ),
      total: "All",
    },
    {
      key: "share",
      title: "Share of spend",
      kind: "number",
      cell: (row) => (
        <span class="share">
          <Bar share={(figureOf(row, "spend_share") ?? 0) / 100} source={row.source} />
          {formatShare(figureOf(row, "spend_share"))}
        </span>
      ),
    },
    ...figures.map((metric) => ({
      key: metric.name,
      title: metric.label,
      kind: "number" as const,
      cell: (row: Row) => <Value overview={overview} metric={metric} figures={row} of={partOf(row)} />,
      total: <Value overview={overview} metric={metric} figures={totals} />,
    })),
  ];
}

function partOf(row: Row): Partial<ExplainQuery> {
  const source = sourceOf(row);
  return source === null ? {} : { source };
}

function sourceOf(row: Row): Source | null {
  return SOURCES.find((each) => each === row.source) ?? null;
}
