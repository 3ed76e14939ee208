/** The operations of uploads: their types, and the addresses that they are at. */
import { addressOf, send } from "../../api/client";
import { type Resource, useAddress } from "../../api/resource";
import { sendForm } from "../../api/sending";
import { type RejectedRow } from "../../components/rejected-rows";

export const DUPLICATES = ["reject", "merge", "replace"] as const;
export type OnDuplicate = (typeof DUPLICATES)[number];
export const STATUSES = ["pending", "processing", "completed", "failed"] as const;
export type UploadStatus = (typeof STATUSES)[number];

/** What is sent beside the file. */
export interface Wanted {
  readonly client: string;
  readonly onDuplicate: OnDuplicate;
  readonly campaign: string;
  readonly adSet: string;
  readonly dateFormat: string;
}

export interface Upload {
  readonly upload_id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly file_name: string;
  readonly size: number;
  readonly sha256: string;
  readonly status: UploadStatus;
  readonly ingestion_run_id: string;
  readonly run_status: string | null;
  readonly rows_read: number;
  readonly rows_loaded: number;
  readonly rows_rejected: number;
  readonly rows_merged: number;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly uploaded_by: string | null;
  readonly uploaded_at: string;
  readonly processed_at: string | null;
  readonly progress: {
    readonly batches_staged: number | null;
    readonly batches_expected: number | null;
    readonly percent: number | null;
  };
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface UploadDetails extends Upload {
  readonly rows_unpriced: number | null;
  readonly run_date: string | null;
  readonly warnings: readonly Warning[] | null;
  readonly definitions: Readonly<Record<string, string>> | null;
  readonly control_totals: Readonly<Record<string, unknown>> | null;
  readonly options: {
    readonly on_duplicate: OnDuplicate;
    readonly campaign: string | null;
    readonly ad_set: string | null;
    readonly date_format: string | null;
  } | null;
  readonly rejected_rows: readonly RejectedRow[];
}

/** Which row: the names of a day's creative and what it is in. */
export interface Grain {
  readonly date: string;
  readonly campaign: string;
  readonly strategy: string;
  readonly placement: string;
  readonly creative: string;
}

export interface ChangedRow extends Grain {
  readonly metrics: Readonly<Record<string, { readonly before: number | null; readonly after: number | null }>>;
}

interface Examples<Row> {
  readonly count: number;
  readonly rows: readonly Row[];
}

/** What loading a file would change. Sums that somebody may not see are not in it. */
export interface Preview {
  readonly would_be: "loaded" | "refused";
  readonly already_loaded: {
    readonly upload_id: string;
    readonly file_name: string;
    readonly uploaded_at: string;
    readonly status: UploadStatus;
  } | null;
  readonly client_id: string;
  readonly file_name: string;
  readonly on_duplicate: OnDuplicate;
  readonly rows_read: number;
  readonly rows_rejected: number;
  readonly rows_merged: number;
  readonly rejected_rows: readonly RejectedRow[];
  readonly dates: readonly { readonly date: string; readonly rows: number }[];
  readonly new_campaigns: readonly string[];
  readonly duplicates: Examples<Grain>;
  readonly added: number;
  readonly unchanged: number;
  readonly changed: Examples<ChangedRow>;
  readonly vanishing: Examples<Grain>;
  readonly totals: {
    readonly before: Readonly<Record<string, number | null>>;
    readonly after: Readonly<Record<string, number | null>>;
  };
  readonly control_totals: Readonly<Record<string, unknown>> | null;
  readonly definitions: Readonly<Record<string, string>> | null;
  readonly account: string | null;
  readonly currency: string | null;
  readonly warnings: readonly Warning[];
}

interface UploadPage {
  readonly total: number;
  readonly page: number;
  readonly page_size: number;
  readonly data: readonly Upload[];
}

export const UPLOADS = "/facebook/uploads";
const ONE = "/facebook/uploads/{upload_id}";

export interface ListQuery {
  readonly client_id: string | null;
  readonly status: UploadStatus | null;
  readonly page: number;
  readonly page_size: number;
  readonly sort_by: "uploaded_at" | "file_name" | "size";
  readonly order: "asc" | "desc";
}

export function useUploads(query: ListQuery): Resource<UploadPage> {
  return useAddress<UploadPage>(addressOf(UPLOADS, { query }));
}

export function useUpload(id: string): Resource<UploadDetails> {
  return useAddress<UploadDetails>(addressOf(ONE, { at: { upload_id: id } }));
}

export function eventsOfUpload(id: string): string {
  return addressOf(`${ONE}/events`, { at: { upload_id: id } });
}

export async function readUpload(id: string, signal: AbortSignal): Promise<Upload> {
  const answer = await send("get", addressOf(ONE, { at: { upload_id: id } }), { signal });
  return (await answer.json()) as Upload;
}

/** The record goes; `undo`: and what it changed is put back soon. */
export async function deleteUpload(id: string, undo: boolean): Promise<void> {
  await send("delete", addressOf(ONE, { at: { upload_id: id }, query: undo ? { undo } : {} }));
}

interface HowSent {
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number, total: number) => void;
}

/** What loading the file would change; nothing is kept. */
export async function lookAt(file: File, wanted: Wanted, how: HowSent): Promise<Preview> {
  const answer = await sendForm("/facebook/upload", formOf(file, wanted, true), how);
  return (await answer.json()) as Preview;
}

/** Accepted: it is kept and will be loaded. `key`: sent again with it, it is the same upload. */
export async function upload(file: File, wanted: Wanted, key: string, how: HowSent): Promise<Upload> {
  const answer = await sendForm("/facebook/upload", formOf(file, wanted, false), { ...how, idempotencyKey: key });
  return (await answer.json()) as Upload;
}

function formOf(file: File, wanted: Wanted, dryRun: boolean): FormData {
  const form = new FormData();
  const fields = {
    client_id: wanted.client,
    on_duplicate: wanted.onDuplicate,
    campaign: wanted.campaign,
    ad_set: wanted.adSet,
    date_format: wanted.dateFormat,
    dry_run: String(dryRun),
  };
  for (const [name, value] of Object.entries(fields)) if (value !== "") form.append(name, value);
  form.append("file", file);
  return form;
}
