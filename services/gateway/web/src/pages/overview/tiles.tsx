import { type JSX } from "preact";
import { isAdmin } from "../../api/auth";
import { type Figures, coverageOf, deltaReason, figureOf, metricsIn } from "../../api/figures";
import { type Metric, type MetricName } from "../../api/metrics";
import { session } from "../../api/session";
import { Change } from "../../components/figure";
import { Link } from "../../components/link";
import { ErrorNote, Skeleton } from "../../components/notes";
import { Sparkline } from "../../components/sparkline";
import { formatShare } from "../../format/numbers";
import { explorerHref } from "../../state/links";
import { type Dashboard, type Overview } from "./state";
import { Value } from "./value";

/** What it brought first, then what it took. */
const ORDER: readonly MetricName[] = [
  "spend",
  "conversions",
  "conversion_revenue",
  "roas",
  "cpa",
  "ctr",
  "impressions",
  "clicks",
  "cpc",
  "cpm",
  "media_cost",
  "margin",
];
const FOR_ADMINS_ALONE = 2;
/** Without the border of its card. */
const TILE_HEIGHT = 100;

export function Tiles({ overview }: { readonly overview: Overview }): JSX.Element {
  const { dashboard } = overview;
  if (dashboard.error !== null) return <ErrorNote error={dashboard.error} onRetry={dashboard.reload} />;
  if (dashboard.data === null) return <Waiting />;
  const { summary, trends } = dashboard.data;
  const shown = metricsIn(summary);
  const metrics = ORDER.flatMap((name) => shown.filter((metric) => metric.name === name));
  return (
    <ul class={dashboard.stale ? "tiles stale" : "tiles"} aria-label="Key figures" aria-busy={dashboard.stale}>
      {metrics.map((metric) => (
        <li key={metric.name}>
          <Tile metric={metric} summary={summary} points={trends.points} overview={overview} />
        </li>
      ))}
    </ul>
  );
}

interface TileProps {
  readonly metric: Metric;
  readonly summary: Dashboard["summary"];
  readonly points: Dashboard["trends"]["points"];
  readonly overview: Overview;
}

function Tile({ metric, summary, points, overview }: TileProps): JSX.Element {
  const { state } = overview;
  const covered = coverageOf(summary, metric.name);
  const compared = comparisonOf(overview, summary);
  return (
    <div class="card tile">
      <Link class="tile-label" href={explorerHref(state, { sort: metric.name as MetricName })}>
        {metric.label}
        {covered !== null && covered < 1 && (
          <span class="tile-coverage" title="The rest of the impressions has no such figure">
            {" "}
            of {formatShare(covered * 100)}
          </span>
        )}
      </Link>
      <span class="tile-value">
        <Value overview={overview} metric={metric} figures={summary} size="tile" />
      </span>
      {compared !== null && (
        <span class="tile-change">
          <Change
            metric={metric}
            percent={figureOf(compared, `${metric.name}_delta_pct`)}
            reason={deltaReason(compared, metric.name)}
          />
        </span>
      )}
      <Sparkline values={points.map((point) => figureOf(point, metric.name) ?? null)} fromZero={metric.additive} />
    </div>
  );
}

/** What carries the changes: the summary against the period before, the trend against another one. */
function comparisonOf({ state, trends }: Overview, summary: Figures): Figures | null {
  if (state.compare === "none") return null;
  if (state.compare === "previous_period") return summary;
  return trends.data !== null && "compare_totals" in trends.data ? trends.data.compare_totals : {};
}

function Waiting(): JSX.Element {
  const count = ORDER.length - (isAdmin(session.value) ? 0 : FOR_ADMINS_ALONE);
  return (
    <div class="tiles" aria-busy="true" aria-label="Loading the figures">
      {ORDER.slice(0, count).map((name) => (
        <div key={name} class="card">
          <Skeleton height={TILE_HEIGHT} />
        </div>
      ))}
    </div>
  );
}
