/** What states are called, how they look, and what they mean. */
import { isRecord } from "../../api/errors";
import { METRICS, type Metric } from "../../api/metrics";

export type BadgeKind = "plain" | "good" | "warning" | "bad";

interface Word {
  readonly text: string;
  readonly kind: BadgeKind;
  readonly meaning: string;
}

const RUNS: Readonly<Record<string, Word | undefined>> = {
  running: { text: "Running", kind: "plain", meaning: "Its batches are on their way." },
  processing: { text: "Running", kind: "plain", meaning: "Its batches are on their way." },
  stalled: { text: "Stalled", kind: "warning", meaning: "No batch came for an hour; it goes on as soon as one does." },
  held: {
    text: "Held",
    kind: "warning",
    meaning: "It would remove more than half of a day's rows or impressions, and waits for somebody to confirm it.",
  },
  loaded: { text: "Loaded", kind: "good", meaning: "All its rows stand." },
  partial: { text: "Partial", kind: "warning", meaning: "Its good rows stand; the rejected ones are in quarantine." },
  unchanged: { text: "Unchanged", kind: "good", meaning: "It brought what stood already." },
  superseded: { text: "Superseded", kind: "plain", meaning: "Something newer stands; it changed nothing." },
  missing_file: { text: "No file", kind: "bad", meaning: "The file was not there when it was due." },
  failed: { text: "Failed", kind: "bad", meaning: "Nothing of it is loaded." },
  undone: { text: "Undone", kind: "plain", meaning: "What it displaced was put back." },
  waiting: { text: "Waiting", kind: "plain", meaning: "Its turn has not come." },
};

export function runWord(status: string | null): Word {
  return RUNS[status ?? ""] ?? { text: plain(status ?? "unknown"), kind: "plain", meaning: "" };
}

export const DAY_STATES = [
  "loaded",
  "provisional",
  "partial",
  "held",
  "failed",
  "loading",
  "missing",
  "waiting",
  "not_expected",
] as const;
export type DayState = (typeof DAY_STATES)[number];

interface DayWord {
  readonly text: string;
  /** In the square, so that nobody depends on colours. */
  readonly sign: string;
  readonly meaning: string;
}

export const DAYS: Readonly<Record<DayState, DayWord>> = {
  loaded: { text: "Loaded", sign: "", meaning: "Its delivery stands, and its figures are final." },
  provisional: { text: "Provisional", sign: "~", meaning: "Its delivery stands, and may still be restated." },
  partial: { text: "Partial", sign: "◐", meaning: "Its delivery stands, without rows that were rejected." },
  held: { text: "Held", sign: "‖", meaning: "A newer delivery waits for somebody to confirm it." },
  failed: {
    text: "Failed",
    sign: "!",
    meaning: "Its newest run failed and nobody resolved it; an older delivery may stand.",
  },
  loading: { text: "Loading", sign: "…", meaning: "Its run is under way, or stalled." },
  missing: { text: "Missing", sign: "✕", meaning: "It is due and nothing stands." },
  waiting: { text: "Not due yet", sign: "·", meaning: "It is not due yet." },
  not_expected: {
    text: "Not expected",
    sign: "",
    meaning: "It is before the first delivery, or nothing comes by itself.",
  },
};

export function dayState(status: string | null): DayState {
  return DAY_STATES.find((each) => each === status) ?? "not_expected";
}

/** `file.missing` → “File missing”. */
export function plain(code: string): string {
  const words = code.replaceAll(/[._]/gu, " ").trim();
  return words === "" ? "–" : words.charAt(0).toUpperCase() + words.slice(1);
}

/** What answers call `unknown` where an example showed nothing: its text, or null. */
export function textIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The last part of where the raw bytes are. */
export function fileName(file: unknown): string | null {
  const key = isRecord(file) ? textIn(file.key) : null;
  return key?.split("/").findLast((part) => part !== "") ?? null;
}

export function metricNamed(name: string): Metric | null {
  return METRICS.find((metric) => metric.name === name) ?? null;
}

/** “2 min 5 s”; of moments between which something went on. */
export function duration(from: string | null, to: string | null): string | null {
  if (from === null || to === null) return null;
  return seconds((Date.parse(to) - Date.parse(from)) / 1000);
}

export function seconds(value: number): string {
  if (!Number.isFinite(value) || value < 0) return "–";
  if (value < 10) return `${SHORT.format(value)} s`;
  const whole = Math.round(value);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

const SHORT = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
