import { type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { Name } from "../../components/name";
import { Badge, ErrorNote, Note } from "../../components/notes";
import { Progress } from "../../components/progress";
import { formatCount } from "../../format/numbers";
import { type Upload } from "./api";
import { hasEnded, useWatched } from "./watched";
import { meaningOf, stateOf } from "./words";

interface OutcomeProps {
  readonly accepted: Upload;
  readonly onDetails: (uploadId: string) => void;
  readonly onAgain: () => void;
}

/** What becomes of an upload that was accepted. */
export function Outcome({ accepted, onDetails, onAgain }: OutcomeProps): JSX.Element {
  const { upload, error } = useWatched(accepted);
  const root = useRef<HTMLDivElement>(null);
  // What was pressed is gone; whoever pressed it goes on here.
  useEffect(() => root.current?.focus(), []);
  return (
    <div class="stack found" ref={root} tabIndex={-1}>
      <p>
        <strong>
          <Name text={upload.file_name} />
        </strong>{" "}
        for <Name text={upload.client_name} />
      </p>
      <Going upload={upload} />
      {error !== null && <ErrorNote error={error} />}
      {!hasEnded(upload) && <p class="muted small">You may leave this page: it is kept and goes on.</p>}
      <div class="row">
        <Button kind="primary" onClick={onAgain}>
          Upload another file
        </Button>
        <Button onClick={() => onDetails(upload.upload_id)}>Details</Button>
      </div>
    </div>
  );
}

/** How far it is, or how it ended; heard as it changes. */
export function Going({ upload }: { readonly upload: Upload }): JSX.Element {
  const { text, kind } = stateOf(upload);
  const meaning = meaningOf(upload);
  return (
    <div class="stack" role="status">
      {hasEnded(upload) ? (
        <p class="row">
          <Badge kind={kind}>{text}</Badge>
          {upload.status === "completed" && (
            <span>
              {formatCount(upload.rows_loaded)} of {formatCount(upload.rows_read)} rows
              {upload.rows_rejected > 0 && `, ${formatCount(upload.rows_rejected)} rejected`}
              {upload.rows_merged > 0 && `, ${formatCount(upload.rows_merged)} merged into others`}
            </span>
          )}
        </p>
      ) : (
        <Progress label={`${text} …`} percent={upload.progress.percent} />
      )}
      {meaning !== "" && <p class="muted">{meaning}</p>}
      {upload.error !== null && (
        <Note kind={upload.status === "failed" ? "error" : "warning"}>
          <bdi>{upload.error}</bdi>
        </Note>
      )}
    </div>
  );
}
