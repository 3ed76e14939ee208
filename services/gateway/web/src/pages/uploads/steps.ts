/** An upload step by step: a file and choices, a look at what it would change, the word to load it, its progress. */
import { type Preview, type Upload, type Wanted } from "./api";

export type Step =
  | { readonly at: "choosing" }
  | { readonly at: "looking"; readonly sent: number | null }
  | { readonly at: "looked"; readonly preview: Preview }
  | { readonly at: "sending"; readonly preview: Preview; readonly sent: number | null }
  | { readonly at: "accepted"; readonly upload: Upload };

export interface Flow {
  readonly file: File | null;
  readonly wanted: Wanted;
  readonly step: Step;
  readonly error: unknown;
}

export type Event =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "wanted"; readonly changes: Partial<Wanted> }
  | { readonly kind: "look" }
  | { readonly kind: "looked"; readonly preview: Preview }
  | { readonly kind: "confirm" }
  | { readonly kind: "accepted"; readonly upload: Upload }
  | { readonly kind: "sent"; readonly percent: number | null }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "stop" }
  | { readonly kind: "again" };

export const NOTHING_WANTED: Wanted = { client: "", onDuplicate: "reject", campaign: "", adSet: "", dateFormat: "" };

export function begin(wanted: Wanted = NOTHING_WANTED): Flow {
  return { file: null, wanted, step: { at: "choosing" }, error: null };
}

export function next(flow: Flow, event: Event): Flow {
  switch (event.kind) {
    // A look is of one file and one set of choices: with others it says nothing.
    case "file":
      return { ...flow, file: event.file, step: { at: "choosing" }, error: null };
    case "wanted":
      return { ...flow, wanted: { ...flow.wanted, ...event.changes }, step: { at: "choosing" }, error: null };
    case "failed":
      return { ...flow, step: before(flow.step), error: event.error };
    case "stop":
      return { ...flow, step: before(flow.step), error: null };
    case "again":
      return begin({ ...NOTHING_WANTED, client: flow.wanted.client });
    case "look":
    case "looked":
    case "confirm":
    case "accepted":
    case "sent": {
      const step = onward(flow.step, event);
      return step === null ? flow : { ...flow, step, error: null };
    }
  }
}

type Onward = Extract<Event, { kind: "look" | "looked" | "confirm" | "accepted" | "sent" }>;

/** The step after this one; null: what happened belongs to another step. */
function onward(step: Step, event: Onward): Step | null {
  switch (event.kind) {
    case "look":
      return { at: "looking", sent: 0 };
    case "looked":
      return step.at === "looking" ? { at: "looked", preview: event.preview } : null;
    case "confirm":
      if (step.at !== "looked" || step.preview.would_be !== "loaded") return null;
      return { at: "sending", preview: step.preview, sent: 0 };
    case "accepted":
      return step.at === "sending" ? { at: "accepted", upload: event.upload } : null;
    case "sent":
      return step.at === "looking" || step.at === "sending" ? { ...step, sent: event.percent } : null;
  }
}

/** Where somebody stands when what was under way did not come about. */
function before(step: Step): Step {
  return step.at === "sending" ? { at: "looked", preview: step.preview } : { at: "choosing" };
}

export function isBusy(step: Step): boolean {
  return step.at === "looking" || step.at === "sending";
}

/** Null: all of it has left, and the answer is awaited. */
export function percentSent(sent: number, total: number): number | null {
  return total <= 0 || sent >= total ? null : (sent / total) * 100;
}

const EXTENSIONS = [".csv", ".xlsx"];

/** Why a file cannot be what is wanted; its content is the API's to judge. */
export function problemOf(file: { readonly name: string; readonly size: number }): string | null {
  const name = file.name.toLowerCase();
  if (!EXTENSIONS.some((extension) => name.endsWith(extension))) return "Choose a .csv or .xlsx file.";
  return file.size === 0 ? "This file is empty." : null;
}
