/** How a source is read, as somebody edits it; and what of that is sent. */
import { type Answer, type Body } from "../../api/client";
import { isRecord } from "../../api/errors";
import { type Source } from "../../state/view";

export type Settings = Answer<"/clients/{client_id}/sources/{source}">;
export type NewSettings = Body<"/clients/{client_id}/sources/{source}", "put">;

export const COLUMN_FIELDS = [
  "date",
  "date_end",
  "advertiser",
  "account",
  "currency",
  "campaign",
  "strategy",
  "placement",
  "creative",
  "impressions",
  "clicks",
  "conversions",
  "conversion_revenue",
  "media_cost",
  "video_completions",
] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

export interface Column {
  readonly field: ColumnField;
  /** False: the client's files have no such column. */
  readonly isThere: boolean;
  /** One a line, the first that a file has is taken. */
  readonly titles: string;
}

/** Empty: the usual value. */
export interface SourceDraft {
  readonly enabled: boolean;
  readonly bucket: string;
  readonly prefix: string;
  readonly pattern: string;
  readonly parts: "latest" | "all";
  readonly dueBy: string;
  readonly campaign: string;
  readonly columns: readonly Column[];
  readonly dateFormat: string;
  readonly timezone: string;
  readonly settlingDays: string;
  readonly advertiser: string;
  readonly strict: boolean;
  /** In percent. */
  readonly mostBad: string;
  readonly mostShrink: string;
}

/** What a source knows of; the others keep the values that they have. */
export type Setting = "files" | "advertiser" | "campaign";
const KNOWN: Readonly<Record<Source, readonly Setting[]>> = {
  surfside: ["files", "campaign"],
  vibe: ["advertiser", "campaign"],
  facebook: [],
};

export function knows(source: Source, setting: Setting): boolean {
  return KNOWN[source].includes(setting);
}

/** Days in which a source restates, unless something else is said. */
export const SETTLING: Readonly<Record<Source, number>> = { surfside: 14, vibe: 2, facebook: 28 };

export function draftOf(settings: Settings): SourceDraft {
  return {
    enabled: settings.enabled === true,
    bucket: settings.bucket ?? "",
    prefix: settings.prefix ?? "",
    pattern: settings.file_pattern ?? "",
    parts: settings.parts === "all" ? "all" : "latest",
    dueBy: (settings.due_by ?? "12:00").slice(0, 5),
    campaign: typed(settings.default_campaign),
    columns: columnsOf(settings.column_map ?? {}),
    dateFormat: typed(settings.date_format),
    timezone: typed(settings.timezone),
    settlingDays: typed(settings.settling_days),
    advertiser: typed(settings.advertiser_id),
    strict: settings.strict === true,
    mostBad: percentOf(settings.max_bad_share),
    mostShrink: percentOf(settings.max_shrink_share),
  };
}

/** All settings, as a PUT replaces all; credentials stay as they are. */
export function bodyOf(draft: SourceDraft): NewSettings {
  return {
    enabled: draft.enabled,
    bucket: given(draft.bucket),
    prefix: given(draft.prefix),
    file_pattern: given(draft.pattern),
    parts: draft.parts,
    due_by: draft.dueBy,
    default_campaign: given(draft.campaign),
    column_map: mapOf(draft.columns),
    date_format: given(draft.dateFormat),
    timezone: given(draft.timezone),
    settling_days: given(draft.settlingDays) === null ? null : Number(draft.settlingDays),
    advertiser_id: given(draft.advertiser),
    strict: draft.strict,
    max_bad_share: shareOf(draft.mostBad),
    max_shrink_share: shareOf(draft.mostShrink),
  };
}

function typed(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function given(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

function columnsOf(map: Readonly<Record<string, unknown>>): readonly Column[] {
  return COLUMN_FIELDS.filter((field) => field in map).map((field) => {
    const titles = map[field];
    return {
      field,
      isThere: titles !== null,
      titles: Array.isArray(titles) ? titles.map(typed).join("\n") : typed(titles),
    };
  });
}

/** A column that is there without a title is as usual: it is left out. */
function mapOf(columns: readonly Column[]): NewSettings["column_map"] {
  const map: NewSettings["column_map"] = {};
  for (const { field, isThere, titles } of columns) {
    const lines = titles.split("\n").flatMap((line) => given(line) ?? []);
    const [first, ...others] = lines;
    if (!isThere) map[field] = null;
    else if (first !== undefined) map[field] = others.length === 0 ? first : lines;
  }
  return map;
}

/** Without the noise of binary fractions: 0.07 is 7 percent. */
function percentOf(share: number | null): string {
  return String(Number(((share ?? 0.5) * 100).toPrecision(12)));
}

/** What is no number goes as it is: the API says what is wrong with it. */
function shareOf(percent: string): number | string {
  const value = percent.trim() === "" ? 50 : Number(percent.trim().replace(",", "."));
  return Number.isFinite(value) ? Number((value / 100).toPrecision(12)) : percent;
}

/** What may be told of Vibe's credentials: never a secret. */
export interface StoredCredentials {
  readonly advertiser: string;
  readonly oauthId: string;
  readonly hasKey: boolean;
  readonly hasSecret: boolean;
  readonly isActive: boolean;
  readonly changed: string | null;
}

export function credentialsOf(settings: Settings): StoredCredentials | null {
  const found = (settings as { readonly vibe_credentials?: unknown }).vibe_credentials;
  if (!isRecord(found)) return null;
  return {
    advertiser: typed(found.advertiser_id),
    oauthId: typed(found.oauth_id),
    hasKey: found.has_api_key === true,
    hasSecret: found.has_oauth_secret === true,
    isActive: found.is_active === true,
    changed: typeof found.updated_at === "string" ? found.updated_at : null,
  };
}
