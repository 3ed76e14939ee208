/** What the states and choices of uploads are called. */
import { type OnDuplicate, type Upload, type UploadStatus } from "./api";

export const STATUS_TEXTS: Readonly<Record<UploadStatus, string>> = {
  pending: "Waiting",
  processing: "Loading",
  completed: "Loaded",
  failed: "Failed",
};

export type BadgeKind = "plain" | "good" | "warning" | "bad";

/** An upload's state in a word, from its run where that says more. */
export function stateOf(upload: Pick<Upload, "status" | "run_status">): { text: string; kind: BadgeKind } {
  if (upload.status === "failed") return { text: STATUS_TEXTS.failed, kind: "bad" };
  const of = upload.run_status === null ? undefined : RUN_TEXTS[upload.run_status];
  if (of !== undefined) return of;
  const kind = upload.status === "completed" ? "good" : "plain";
  return { text: STATUS_TEXTS[upload.status], kind };
}

const RUN_TEXTS: Readonly<Record<string, { text: string; kind: BadgeKind } | undefined>> = {
  held: { text: "Held", kind: "warning" },
  stalled: { text: "Stalled", kind: "warning" },
  partial: { text: "Loaded in part", kind: "warning" },
  unchanged: { text: "Nothing new", kind: "good" },
  superseded: { text: "Superseded", kind: "plain" },
  undone: { text: "Undone", kind: "plain" },
};

/** What a state means for whoever uploaded it; empty: the word says it. */
export function meaningOf(upload: Pick<Upload, "status" | "run_status">): string {
  return (upload.run_status === null ? undefined : MEANINGS[upload.run_status]) ?? "";
}

const MEANINGS: Readonly<Record<string, string | undefined>> = {
  held: "It would remove more than half of a day: an administrator must confirm it.",
  stalled: "Nothing came of it for an hour. It goes on by itself as soon as something does.",
  partial: "The good rows are loaded; the bad ones are kept with their reasons.",
  unchanged: "Everything in it stood already.",
  superseded: "Something newer stands for these days; it changed nothing.",
  undone: "What it had changed was put back.",
};

export const DUPLICATE_TEXTS: Readonly<Record<OnDuplicate, string>> = {
  reject: "Refuse the file",
  merge: "Update them",
  replace: "Replace the days of the file",
};

export const DUPLICATE_HINTS: Readonly<Record<OnDuplicate, string>> = {
  reject: "Nothing that is loaded changes. Right for days that are new.",
  merge: "Rows of the file are updated or added; all others stay.",
  replace: "The file is the whole truth for its days: what is not in it vanishes there.",
};

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

export function formatSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${SIZE.format(value)} ${UNITS[power] ?? ""}`;
}

const SIZE = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
