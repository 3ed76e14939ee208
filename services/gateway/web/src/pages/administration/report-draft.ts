/** A schedule of reports as somebody edits it. */
import { type Answer, type Body } from "../../api/client";

export type Report = Answer<"/reports">["data"][number];
export type Schedule = Body<"/reports/{report_id}", "put">;
export type Format = Schedule["formats"][number];

export const FREQUENCIES = [
  ["weekly", "Weekly, on Mondays"],
  ["monthly", "Monthly, on the 1st"],
] as const satisfies readonly (readonly [Schedule["frequency"], string])[];
export const FORMATS = [
  ["pdf", "PDF"],
  ["xlsx", "XLSX"],
] as const satisfies readonly (readonly [Format, string])[];

export interface ReportDraft {
  readonly client: string | null;
  readonly frequency: Schedule["frequency"];
  readonly formats: readonly Format[];
  /** As typed: lines, commas, semicolons, spaces. */
  readonly recipients: string;
  readonly isActive: boolean;
}

export function draftOf(report: Report | null, client: string | null): ReportDraft {
  const known = report?.formats ?? ["pdf"];
  return {
    client: report?.client_id ?? client,
    frequency: report?.frequency === "monthly" ? "monthly" : "weekly",
    formats: FORMATS.map(([format]) => format).filter((format) => known.includes(format)),
    recipients: (report?.recipients ?? []).join("\n"),
    isActive: report?.is_active ?? true,
  };
}

export function scheduleOf(draft: ReportDraft): Schedule {
  return {
    frequency: draft.frequency,
    formats: [...draft.formats],
    recipients: addressesIn(draft.recipients),
    is_active: draft.isActive,
  };
}

/** Also of what was copied out of a mail program: `Nina <nina@northwind.example>; marketing@northwind.example`. */
export function addressesIn(text: string): string[] {
  const parts = text.split(/[\n,;]/u).flatMap((part) => {
    const bracketed = /<([^<>]*)>/u.exec(part)?.[1];
    return bracketed === undefined ? part.trim().split(/\s+/u) : [bracketed.trim()];
  });
  return [...new Set(parts.filter((part) => part !== ""))];
}
