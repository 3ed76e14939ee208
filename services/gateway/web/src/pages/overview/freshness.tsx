import { type JSX } from "preact";
import { noDataReason } from "../../api/figures";
import { Card, Loaded } from "../../components/card";
import { Badge, Empty } from "../../components/notes";
import { formatAge, formatDay, formatShortDay } from "../../format/dates";
import { sourceName } from "../../shell/scope-bar";
import { type Days, addDays, countDays } from "../../state/ranges";
import { type Dashboard, type Overview } from "./state";

export type Freshness = Dashboard["freshness"][number];
type DayState = "there" | "provisional" | "missing" | "none";
const MOST_NAMED = 3;

interface FreshnessCardProps {
  readonly overview: Overview;
  readonly days: Days;
}

/** For each source: which of the days are there, which are missing, and which may still change. */
export function FreshnessCard({ overview, days }: FreshnessCardProps): JSX.Element {
  return (
    <Card title="Deliveries">
      <Loaded resource={overview.dashboard} height={181}>
        {({ freshness }) =>
          freshness.length === 0 ? (
            <Empty title="No source delivers for this client yet" />
          ) : (
            <ul class="card-body freshness">
              {freshness.map((each) => (
                <SourceDays key={each.source} found={each} days={days} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function SourceDays({ found, days }: { readonly found: Freshness; readonly days: Days }): JSX.Element {
  const missing = found.missing_days;
  const behind = found.days_behind ?? 0;
  return (
    <li>
      <div class="row freshness-head">
        <span class="dot" data-source={found.source} />
        <strong>{sourceName(found.source ?? "")}</strong>
        <span class="muted small">
          {found.latest_day === null ? "nothing yet" : `up to ${formatDay(found.latest_day)}`}
          {found.latest_delivery_at !== null && `, delivered ${formatAge(found.latest_delivery_at)}`}
        </span>
        {missing.length > 0 && <Badge kind="bad">{missing.length} missing</Badge>}
        {missing.length === 0 && behind > 0 && <Badge kind="warning">{behind} days behind</Badge>}
      </div>
      <Strip states={statesOf(found, days)} label={labelOf(found, days)} />
      {missing.length > 0 && <p class="small muted">{namedDays(missing)}</p>}
      {found.not_uploaded_from !== null && (
        <p class="small muted">Not uploaded yet: from {formatDay(found.not_uploaded_from)} on</p>
      )}
    </li>
  );
}

/** A cell per day. What it shows is said in its label. */
function Strip({ states, label }: { readonly states: readonly DayState[]; readonly label: string }): JSX.Element {
  return (
    <svg class="strip" viewBox={`0 0 ${states.length} 1`} preserveAspectRatio="none" role="img" aria-label={label}>
      {states.map((state, index) => (
        <rect key={index} data-state={state} x={index + 0.06} y="0" width="0.88" height="1" />
      ))}
    </svg>
  );
}

export function statesOf(found: Freshness, days: Days): DayState[] {
  const missing = new Set(found.missing_days.map(({ date }) => date));
  return Array.from({ length: countDays(days) }, (_, index) => {
    const day = addDays(days.start, index);
    if (missing.has(day)) return "missing";
    if (day < (found.first_day ?? "9") || day > (found.latest_day ?? "")) return "none";
    return found.provisional_from !== null && day >= found.provisional_from ? "provisional" : "there";
  });
}

function labelOf(found: Freshness, days: Days): string {
  const states = statesOf(found, days);
  const count = (state: DayState): number => states.filter((each) => each === state).length;
  const final = count("there");
  return `${final} days final, ${count("provisional")} provisional, ${count("missing")} missing, ${count("none")} without deliveries`;
}

function namedDays(missing: Freshness["missing_days"]): string {
  const named = missing
    .slice(0, MOST_NAMED)
    .map(({ date, reason }) => `${formatShortDay(date ?? "")}: ${noDataReason(reason)}`);
  const more = missing.length - named.length;
  return named.join("; ") + (more > 0 ? `; ${more} more` : "");
}
