import { type JSX } from "preact";
import { metricOf, metricsIn } from "../../api/figures";
import { type Metric, type MetricName } from "../../api/metrics";
import { TrendChart } from "../../charts/trend-chart";
import { type TrendPoint, pointsOf } from "../../charts/points";
import { Card, Loaded } from "../../components/card";
import { Segments, Select } from "../../components/select";
import { formatRange } from "../../format/dates";
import { navigate } from "../../state/location";
import { explorerHref } from "../../state/links";
import { type Overview, type Trends, visible } from "./state";
import { TrendTable } from "./trend-table";

const CHART_HEIGHT = 300;
/** With legend and the line that opens the table. */
const BODY_HEIGHT = 361;

export function TrendCard({ overview }: { readonly overview: Overview }): JSX.Element {
  const { state, change, trends } = overview;
  const shown = metricsIn(trends.data?.totals);
  const options = (shown.length > 0 ? shown : [metricOf("spend")]).map(
    ({ name, label }) => [name as MetricName, label] as const,
  );
  const controls = (
    <div class="row">
      <Select
        inBar
        label="Metric of the trend"
        value={visible(state.metric, shown)}
        options={options}
        onChange={(metric) => change({ metric })}
      />
      <Segments
        label="Points of the trend"
        value={state.by}
        options={[
          ["day", "Day"],
          ["week", "Week"],
          ["month", "Month"],
        ]}
        onChange={(by) => change({ by })}
      />
    </div>
  );
  return (
    <Card title="Trend" controls={controls}>
      <Loaded resource={trends} height={BODY_HEIGHT}>
        {(data) => <Trend data={data} metric={metricOf(visible(state.metric, shown))} overview={overview} />}
      </Loaded>
    </Card>
  );
}

interface TrendProps {
  readonly data: Trends;
  readonly metric: Metric;
  readonly overview: Overview;
}

function Trend({ data, metric, overview }: TrendProps): JSX.Element {
  const { state, currency } = overview;
  const points = pointsOf(data.points, metric.name);
  const hrefAt = ({ date, endDate }: TrendPoint): string =>
    explorerHref(state, { range: { start: date, end: endDate }, sort: metric.name as MetricName });
  const compared = data.compare === null ? null : comparedRange(data);
  return (
    <div class="card-body">
      <TrendChart
        points={points}
        metric={metric}
        currency={currency}
        height={CHART_HEIGHT}
        hasComparison={compared !== null}
        onOpen={(point) => navigate(hrefAt(point))}
      />
      <details class="behind">
        <summary class="muted small">
          The same as a table{compared !== null && <>, compared with {compared}</>}
        </summary>
        <TrendTable
          points={points}
          metric={metric}
          overview={overview}
          hrefAt={hrefAt}
          hasComparison={compared !== null}
        />
      </details>
    </div>
  );
}

function comparedRange(data: Trends): string | null {
  if (!("compare_range" in data)) return null;
  const { start, end } = data.compare_range;
  return start === null || end === null ? null : formatRange({ start, end });
}
