/** Pictures that are kept within a setting, as `data:` addresses. */
import { formatCount } from "../../format/numbers";

export const PICTURES: readonly string[] = ["image/png", "image/jpeg"];
/** The API takes 400,000 characters, and base64 needs four for three bytes. */
const MOST_BYTES = 290_000;

/** Why a file cannot be one, in a sentence; null: it can. */
export function refusalOf({ type, size }: Pick<File, "type" | "size">): string | null {
  if (!PICTURES.includes(type)) return "It is neither a PNG nor a JPEG.";
  if (size <= MOST_BYTES) return null;
  return `It has ${formatCount(Math.ceil(size / 1000))} kB: make it smaller.`;
}

export function pictureOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The file cannot be read.")));
    reader.readAsDataURL(file);
  });
}
