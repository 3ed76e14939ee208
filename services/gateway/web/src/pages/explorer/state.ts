/** What the Explorer keeps in the address beside the scope that all pages share. */
import { METRICS, type MetricName } from "../../api/metrics";
import { type Codec, type StateOf, id, oneOf, someOf, text } from "../../state/codecs";
import { SCOPE } from "../../state/view";

export const LEVELS = ["campaign", "strategy", "placement", "creative"] as const;
export type Level = (typeof LEVELS)[number];
/** Rows that open in place, or one level as a flat list. */
export type Mode = "tree" | Level;

export const TEXT_COLUMNS = ["source", "campaign_name", "strategy_name", "placement_name"] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];
const METRIC_NAMES = METRICS.map(({ name }) => name);
export const COLUMNS: readonly ColumnName[] = [...TEXT_COLUMNS, ...METRIC_NAMES];
export type ColumnName = TextColumn | MetricName;
export type SortName = "name" | MetricName;

export const STANDARD_COLUMNS: readonly ColumnName[] = [
  "impressions", "clicks", "conversions", "spend", "ctr", "cpc", "cpa", "roas",
];
/** An address has to stay one that can be sent to somebody. */
export const MOST_OPEN = 40;

const flag: Codec<boolean> = { parse: (found) => found === "1", format: (value) => (value ? "1" : null) };

const ids: Codec<readonly string[]> = {
  parse: (found) => {
    const known = (found ?? "").split(",").filter((each) => id.parse(each) !== null);
    return [...new Set(known)].slice(0, MOST_OPEN);
  },
  format: (value) => (value.length > 0 ? value.slice(-MOST_OPEN).join(",") : null),
};

export const EXPLORER = {
  ...SCOPE,
  level: oneOf(["tree", ...LEVELS], "tree"),
  strategy: id,
  placement: id,
  name: text,
  columns: someOf(COLUMNS, STANDARD_COLUMNS),
  sort: oneOf(["name", ...METRIC_NAMES], "spend"),
  order: oneOf(["desc", "asc"], "desc"),
  open: ids,
  changes: flag,
} as const;
export type ExplorerState = StateOf<typeof EXPLORER>;

/** The entities that a list is below, the highest first. */
export interface Parents {
  readonly campaign: string | null;
  readonly strategy: string | null;
  readonly placement: string | null;
}

export const PLURALS: Readonly<Record<Level, string>> = {
  campaign: "campaigns",
  strategy: "strategies",
  placement: "placements",
  creative: "creatives",
};
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  campaign: "Campaign",
  strategy: "Strategy",
  placement: "Placement",
  creative: "Creative",
};
export const LEVEL_TITLES: Readonly<Record<Level, string>> = {
  campaign: "Campaigns",
  strategy: "Strategies",
  placement: "Placements",
  creative: "Creatives",
};

export function levelBelow(level: Level): Level | null {
  return LEVELS[LEVELS.indexOf(level) + 1] ?? null;
}

export function isBelow(level: Level, above: Level): boolean {
  return LEVELS.indexOf(level) > LEVELS.indexOf(above);
}

/** The level of the first rows: a tree begins below what it is narrowed to. */
export function rootLevel(state: Pick<ExplorerState, "level" | "campaign" | "strategy" | "placement">): Level {
  if (state.level !== "tree") return state.level;
  if (state.placement !== null) return "creative";
  if (state.strategy !== null) return "placement";
  return state.campaign === null ? "campaign" : "strategy";
}

/** Narrowed to an entity: a tree begins below it, a flat list shows the level below. */
export function into(state: ExplorerState, level: Level, found: string): Partial<ExplorerState> {
  const below = levelBelow(level) ?? level;
  return {
    ...narrowedTo(state, level, found),
    level: state.level === "tree" ? "tree" : below,
    name: "",
    open: [],
  };
}

/** The filters above and at a level; those below it go, for they may be of something else. */
export function narrowedTo(parents: Parents, level: Level, found: string | null): Parents {
  const at = LEVELS.indexOf(level);
  const kept = (each: Level): string | null => {
    if (each === level) return found;
    return LEVELS.indexOf(each) < at ? parents[each as keyof Parents] : null;
  };
  return { campaign: kept("campaign"), strategy: kept("strategy"), placement: kept("placement") };
}

/** A flat list of a level: only what lies above it can narrow it. A campaign narrows campaigns, too. */
export function asLevel(state: ExplorerState, level: Mode): Partial<ExplorerState> {
  if (level === "tree") return { level, open: [] };
  return {
    level,
    open: [],
    strategy: isBelow(level, "strategy") ? state.strategy : null,
    placement: isBelow(level, "placement") ? state.placement : null,
  };
}
