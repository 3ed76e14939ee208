/** Where the file of a day is expected, with what is typed now. */
import { type SourceDraft } from "./source-draft";

/** A name as it stands in keys: `Café Río & Sons` → `cafe-rio-sons`. */
export function slug(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/[^\p{ASCII}]/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-|-$/gu, "");
}

/** `s3://bucket/key` of a day; null while no pattern is typed, as the one of all clients is not known here. */
export function expectedFile(draft: SourceDraft, clientName: string, day: string): string | null {
  if (draft.pattern.trim() === "") return null;
  const folder = draft.prefix.trim().replaceAll(/^\/+|\/+$/gu, "");
  const template = folder === "" ? draft.pattern.trim() : `${folder}/${draft.pattern.trim()}`;
  const key = template
    .replaceAll("{date}", day)
    .replaceAll("{yyyymmdd}", day.replaceAll("-", ""))
    .replaceAll("{client}", slug(clientName));
  return `s3://${draft.bucket.trim() || "…"}/${key}`;
}
