import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { isAdmin } from "../../api/auth";
import { invalidate } from "../../api/resource";
import { session } from "../../api/session";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Loaded } from "../../components/card";
import { Drawer } from "../../components/drawer";
import { Facts } from "../../components/facts";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Part } from "../../components/part";
import { RejectedRows } from "../../components/rejected-rows";
import { toast } from "../../components/toast";
import { formatDay, formatMoment } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useCurrencies } from "../../shell/client-filter";
import { type UploadDetails, deleteUpload, useUpload } from "./api";
import { Warnings } from "./look";
import { ControlTotals, Definitions } from "./look-tables";
import { Going } from "./outcome";
import { hasEnded, useWatched } from "./watched";
import { DUPLICATE_TEXTS, formatSize } from "./words";

interface DetailsProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One upload, all that is known of it. */
export function Details({ id, onClose }: DetailsProps): JSX.Element {
  const upload = useUpload(id);
  const title = upload.data?.upload_id === id ? upload.data.file_name : "Upload";
  return (
    <Drawer title={<Name text={title} />} onClose={onClose}>
      <Loaded resource={upload} height={420}>
        {(data) => <Content details={data} onGone={onClose} />}
      </Loaded>
    </Drawer>
  );
}

function Content({ details, onGone }: { details: UploadDetails; onGone: () => void }): JSX.Element {
  const { upload } = useWatched(details);
  const currency = useCurrencies()(details.client_id);
  return (
    <div class="stack">
      <Going upload={upload} />
      <Actions details={details} ended={hasEnded(upload)} onGone={onGone} />
      <UploadFacts details={{ ...details, ...upload }} />
      <Warnings warnings={details.warnings ?? []} />
      {details.rows_rejected > 0 && (
        <Part title={`Rejected rows: ${formatCount(details.rows_rejected)}`} open>
          {details.rejected_rows.length > 0 ? (
            <RejectedRows rows={details.rejected_rows} />
          ) : (
            <p class="muted">They are shown to whoever uploaded the file, and to administrators.</p>
          )}
          {details.rejected_rows.length > 0 && details.rejected_rows.length < details.rows_rejected && (
            <p class="muted small">The first {formatCount(details.rejected_rows.length)} of them.</p>
          )}
        </Part>
      )}
      <Part title="Which columns count, and what the file says of itself" open>
        <Definitions definitions={details.definitions} />
        <ControlTotals said={details.control_totals} currency={currency} />
      </Part>
    </div>
  );
}

function UploadFacts({ details }: { readonly details: UploadDetails }): JSX.Element {
  const { options } = details;
  return (
    <Facts
      facts={[
        ["Client", <Name text={details.client_name} />],
        ["Uploaded", formatMoment(details.uploaded_at)],
        ["By", <Name text={details.uploaded_by ?? "–"} />],
        ["Ended", formatMoment(details.processed_at)],
        ["Rows read", formatCount(details.rows_read)],
        ["Loaded", formatCount(details.rows_loaded)],
        ["Rejected", formatCount(details.rows_rejected)],
        ["Merged", formatCount(details.rows_merged)],
        ["Without a rate", formatCount(details.rows_unpriced)],
        details.run_date === null ? null : ["Day", formatDay(details.run_date)],
        ["Size", formatSize(details.size)],
        options === null ? null : ["Rows that exist", DUPLICATE_TEXTS[options.on_duplicate]],
        given("Campaign", options?.campaign),
        given("Ad set", options?.ad_set),
        given("Date format", options?.date_format),
        ["SHA-256", <code class="small">{details.sha256}</code>],
      ]}
    />
  );
}

function given(name: string, value: string | null | undefined): readonly [string, JSX.Element] | null {
  return value === null || value === undefined ? null : [name, <Name text={value} />];
}

const UNDOABLE = ["loaded", "partial", "unchanged"];

interface ActionsProps {
  readonly details: UploadDetails;
  readonly ended: boolean;
  readonly onGone: () => void;
}

function Actions({ details, ended, onGone }: ActionsProps): JSX.Element | null {
  const [asked, ask] = useState<"undo" | "delete" | null>(null);
  if (!isAdmin(session.value)) return null;
  const close = (): void => ask(null);
  const undoable = UNDOABLE.includes(details.run_status ?? "");
  const remove = async (undo: boolean): Promise<void> => {
    await deleteUpload(details.upload_id, undo);
    invalidate();
    toast(undo ? "It is taken back: the figures follow within moments." : "The record is deleted.");
    onGone();
  };
  return (
    <div class="row">
      {ended && undoable && (
        <Button kind="danger" onClick={() => ask("undo")}>
          Undo
        </Button>
      )}
      {ended && !undoable && details.run_status !== "held" && (
        <Button kind="danger" onClick={() => ask("delete")}>
          Delete the record
        </Button>
      )}
      <Link class="button" href={`/operations?tab=runs&run=${details.ingestion_run_id}`}>
        Its run
      </Link>
      {asked === "undo" && (
        <Ask title="Undo this upload?" action="Undo it" kind="danger" onClose={close} onDo={() => remove(true)}>
          <p>
            What it changed is put back as it was before, for the days that nothing later touched, and its record goes
            from the list. The file stays in the archive; its run stays in the log of runs.
          </p>
        </Ask>
      )}
      {asked === "delete" && (
        <Ask title="Delete this record?" action="Delete it" kind="danger" onClose={close} onDo={() => remove(false)}>
          <p>It goes from the list of uploads. No figure changes: nothing of it is loaded.</p>
        </Ask>
      )}
    </div>
  );
}
