/** What a line of the audit log says changed. */
import { isRecord } from "../../api/errors";

export interface AuditedValue {
  readonly field: string;
  /** Undefined: it was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Field by field, old beside new; fields that stayed the same are left out where both sides are known. */
export function auditedValues(before: unknown, after: unknown): AuditedValue[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((field) => ({ field, before: said(old[field]), after: said(now[field]) }))
    .filter((each) => each.before !== each.after);
}

function fieldsOf(values: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(values)) return values;
  return values === null || values === undefined ? {} : { value: values };
}

function said(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
