/** Files that the API answers with, saved under the name that it gives them. */
import { send } from "./client";

export async function saveFile(address: string, otherwise: string): Promise<void> {
  const answer = await send("get", address);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = nameIn(answer.headers.get("Content-Disposition")) ?? otherwise;
  link.click();
  // Some browsers read it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The name in a Content-Disposition: in UTF-8 where it has that, too. */
export function nameIn(disposition: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/iu.exec(disposition ?? "")?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return null;
    }
  }
  return /filename="?([^";]+)"?/iu.exec(disposition ?? "")?.[1] ?? null;
}
