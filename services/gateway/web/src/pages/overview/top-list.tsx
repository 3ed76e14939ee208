import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { type Figures, figureOf, metricOf, metricsIn, textOf } from "../../api/figures";
import { type Metric, type MetricName } from "../../api/metrics";
import { type Resource, useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { Select } from "../../components/select";
import { type Column, Table } from "../../components/table";
import { type ExplainQuery } from "../../explain/question";
import { type ScopeInUse } from "../../shell/scope";
import { sourceName } from "../../shell/scope-bar";
import { explorerHref } from "../../state/links";
import { Bar } from "./bar";
import { type Overview, visible } from "./state";
import { Value } from "./value";

type Level = "campaign" | "creative";
const TITLES: Readonly<Record<Level, string>> = { campaign: "Top campaigns", creative: "Top creatives" };
const BESIDE: readonly MetricName[] = ["spend", "conversions", "roas", "ctr"];
const ROWS = 10;
const HEIGHT = 36 * (ROWS + 1);

interface TopCardProps {
  readonly overview: Overview;
  readonly scope: ScopeInUse;
  readonly level: Level;
}

interface Top {
  readonly data: readonly object[];
  readonly totals: Figures;
}

export function TopCard({ overview, scope, level }: TopCardProps): JSX.Element {
  const { state, change, dashboard } = overview;
  const shown = metricsIn(dashboard.data?.summary);
  const rank = visible(state.rank, shown);
  const top = useTop(overview, scope, level, rank);
  const choices = shown.length > 0 ? shown : [metricOf("spend")];
  const controls = (
    <Select
      inBar
      label={`${TITLES[level]} by`}
      value={rank}
      options={choices.map(({ name, label }) => [name as MetricName, `by ${label}`])}
      onChange={(next) => change({ rank: next })}
    />
  );
  return (
    <Card title={TITLES[level]} controls={controls}>
      <Loaded resource={top} height={HEIGHT}>
        {({ data, totals }) =>
          data.length === 0 ? (
            <Empty title="None has this figure on these days" />
          ) : (
            <Table
              caption={`${TITLES[level]} by ${metricOf(rank).label}`}
              columns={columnsOf(overview, level, metricOf(rank), { data, totals })}
              rows={data}
              rowKey={(row) => textOf(row, `${level}_id`)}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

/** By spend they came with the dashboard; by anything else they are asked for. */
function useTop(overview: Overview, scope: ScopeInUse, level: Level, metric: MetricName): Resource<Top> {
  const { dashboard } = overview;
  const isOther = metric !== "spend" && scope.query !== null;
  const options = isOther ? { query: { ...scope.query, metric, limit: ROWS } } : null;
  const campaigns = useResource("/metrics/top-campaigns", level === "campaign" ? options : null);
  const creatives = useResource("/metrics/top-creatives", level === "creative" ? options : null);
  const plural = level === "campaign" ? "campaigns" : "creatives";
  if (!isOther) return { ...dashboard, data: dashboard.data?.[plural] ?? null };
  const found: Resource<Answer<"/metrics/top-campaigns"> | Answer<"/metrics/top-creatives">> =
    level === "campaign" ? campaigns : creatives;
  return found;
}

function columnsOf(overview: Overview, level: Level, rank: Metric, { data, totals }: Top): Column<object>[] {
  const largest = Math.max(...data.map((row) => figureOf(row, rank.name) ?? 0));
  const beside = metricsIn(totals).filter(({ name }) => name !== rank.name && BESIDE.includes(name as MetricName));
  return [
    {
      key: "name",
      title: level === "campaign" ? "Campaign" : "Creative",
      kind: "wide",
      cell: (row) => <Entity row={row} level={level} overview={overview} rank={rank} />,
    },
    {
      key: rank.name,
      title: rank.label,
      kind: "number",
      cell: (row) => (
        <span class="share">
          <Bar share={largest > 0 ? (figureOf(row, rank.name) ?? 0) / largest : 0} />
          <Value overview={overview} metric={rank} figures={row} of={partOf(row, level)} />
        </span>
      ),
    },
    ...beside.slice(0, 3).map((metric) => ({
      key: metric.name,
      title: metric.label,
      kind: "number" as const,
      cell: (row: object) => <Value overview={overview} metric={metric} figures={row} of={partOf(row, level)} />,
    })),
  ];
}

function partOf(row: object, level: Level): Partial<ExplainQuery> {
  return level === "campaign"
    ? { campaign_id: textOf(row, "campaign_id") }
    : { creative_id: textOf(row, "creative_id") };
}

interface EntityProps {
  readonly row: object;
  readonly level: Level;
  readonly overview: Overview;
  readonly rank: Metric;
}

function Entity({ row, level, overview, rank }: EntityProps): JSX.Element {
  const campaign = textOf(row, "campaign_id");
  const target =
    level === "campaign"
      ? { campaign, level: "strategy" as const }
      : { campaign, placement: textOf(row, "placement_id"), level: "creative" as const };
  return (
    <Link class="row-link" href={explorerHref(overview.state, { ...target, sort: rank.name as MetricName })}>
      <span class="dot" data-source={textOf(row, "source")} title={sourceName(textOf(row, "source"))} />
      <Name text={textOf(row, `${level}_name`)} />
    </Link>
  );
}
