/** Files of what is on the screen. */
import { type Query, download } from "../../api/client";
import { Unreachable, isAborted } from "../../api/errors";
import { type Column } from "./columns";
import { type Question, canSearch, parentsQuery } from "./question";

export const FORMATS = ["csv", "xlsx", "pdf"] as const;
export type Format = (typeof FORMATS)[number];
type ExportQuery = Query<"/exports/csv">;

const PATHS = { csv: "/exports/csv", xlsx: "/exports/xlsx", pdf: "/exports/pdf" } as const;

/** The level, columns, filters and order of the table. */
export function exportQuery(question: Question, columns: readonly Column[]): ExportQuery {
  const { scope, level, parents, sort, order } = question;
  const name = canSearch(level, parents) ? question.name.trim() : "";
  return {
    client_id: scope.client_id,
    start_date: scope.start_date,
    end_date: scope.end_date,
    source: scope.source ?? null,
    campaign_id: parents.campaign,
    ...parentsQuery(question),
    name: name === "" ? null : name,
    level,
    columns: [`${level}_name`, ...columns.map((column) => column.name)],
    sort_by: sort,
    order,
  };
}

interface Saving {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** Reads the file and hands it to the browser; answers its name. A link could not carry the access token. */
export async function saveExport(format: Format, query: ExportQuery, saving: Saving): Promise<string> {
  const answer = await download("get", PATHS[format], { query, signal: saving.signal });
  const blob = await contentOf(answer, saving.onProgress);
  const name = fileNameOf(answer.headers.get("Content-Disposition"), `export.${format}`);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

/** The name in a Content-Disposition (RFC 6266): the one with all letters, or the plain one. */
export function fileNameOf(disposition: string | null, otherwise: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/iu.exec(disposition ?? "")?.[1];
  const plain = /filename="([^"]*)"/iu.exec(disposition ?? "")?.[1];
  try {
    return encoded === undefined ? (plain ?? otherwise) : decodeURIComponent(encoded);
  } catch {
    return plain ?? otherwise;
  }
}

async function contentOf(answer: Response, onProgress: (bytes: number) => void): Promise<Blob> {
  const reader = answer.body?.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) break;
      pieces.push(piece.value);
      bytes += piece.value.length;
      onProgress(bytes);
    }
  } catch (error) {
    // It ended in the midst: half a file is no file.
    throw isAborted(error) ? error : new Unreachable();
  }
  return new Blob(pieces, { type: answer.headers.get("Content-Type") ?? "" });
}
