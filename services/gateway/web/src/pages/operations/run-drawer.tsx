import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer, addressOf } from "../../api/client";
import { useRepeated } from "../../api/repeated";
import { useResource } from "../../api/resource";
import { saveFile } from "../../api/saving";
import { Button } from "../../components/button";
import { Loaded } from "../../components/card";
import { Drawer } from "../../components/drawer";
import { Name } from "../../components/name";
import { Badge, Note } from "../../components/notes";
import { Part } from "../../components/part";
import { RejectedRows } from "../../components/rejected-rows";
import { toastError } from "../../components/toast";
import { formatDay, formatMoment } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { RunActions } from "./run-actions";
import { RunFacts } from "./run-facts";
import { RunLedger } from "./run-ledger";
import { messageOf } from "./runs-table";
import { type OperationsView } from "./state";
import { RunStatusBadge } from "./status";
import { runWord, textIn } from "./words";

export type RunDetails = Answer<"/admin/ingestion-logs/{run_id}">;

const POLL_MS = 2_000;
/** What was asked for happens soon; afterwards nobody waits for it any more. */
const MOST_POLLS = 15;
const UNDER_WAY = ["running", "stalled", "processing"];

interface RunDrawerProps {
  readonly id: string;
  readonly view: OperationsView;
}

/** One run: counts, warnings, what it changed day by day, what it rejected, and what can be done about it. */
export function RunDrawer({ id, view }: RunDrawerProps): JSX.Element {
  const [page, setPage] = useState(1);
  const [polls, setPolls] = useState(0);
  const run = useResource("/admin/ingestion-logs/{run_id}", { at: { run_id: id }, query: { ledger_page: page } });
  const { data } = run;
  const known = data?.run_id === id ? data : null;
  const isChanging = polls > 0 || UNDER_WAY.includes(known?.status ?? "");
  useRepeated(
    () => {
      setPolls(Math.max(0, polls - 1));
      run.reload();
    },
    isChanging ? POLL_MS : null,
  );
  return (
    <Drawer title={<Title run={known} />} onClose={() => view.change({ run: null })}>
      <Loaded resource={run} height={520}>
        {(details) => (
          <div class="stack">
            <Outcome run={details} />
            <RunActions run={details} onAsked={() => setPolls(MOST_POLLS)} />
            <RunFacts run={details} state={view.state} />
            <RunLedger run={details} onPage={setPage} />
            <Rejected run={details} />
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}

function Title({ run }: { readonly run: RunDetails | null }): JSX.Element {
  if (run === null) return <>Run</>;
  return (
    <>
      <Name text={run.client_name ?? ""} />
      <span>{run.run_date === null ? "several days" : formatDay(run.run_date)}</span>
    </>
  );
}

function Outcome({ run }: { readonly run: RunDetails }): JSX.Element {
  const error = textIn(run.error);
  const notes = textIn(run.resolution_notes);
  const isResolved = textIn(run.resolution_status) !== null;
  const warnings = run.warnings.map(messageOf).filter((message) => message !== null);
  return (
    <>
      <p class="row" role="status">
        <RunStatusBadge status={run.status} />
        <span class="muted">{runWord(run.status).meaning}</span>
      </p>
      {error !== null && (
        <Note kind={run.status === "failed" ? "error" : "warning"}>
          <bdi>{error}</bdi>
          {textIn(run.error_code) !== null && <p class="small muted">{textIn(run.error_code)}</p>}
        </Note>
      )}
      {isResolved && (
        <Note>
          <Badge>Resolved</Badge> {formatMoment(textIn(run.resolved_at))} by{" "}
          <Name text={textIn(run.resolved_by_email) ?? "somebody"} />
          {notes !== null && (
            <p>
              <bdi>{notes}</bdi>
            </p>
          )}
        </Note>
      )}
      {warnings.length > 0 && (
        <Note kind="warning">
          <ul class="reasons">
            {warnings.map((message, index) => (
              <li key={index}>
                <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </Note>
      )}
    </>
  );
}

function Rejected({ run }: { readonly run: RunDetails }): JSX.Element | null {
  const [busy, setBusy] = useState(false);
  const total = run.rows_rejected ?? 0;
  if (total === 0) return null;
  const save = async (): Promise<void> => {
    setBusy(true);
    const address = addressOf("/admin/ingestion-logs/{run_id}/rejected.csv", { at: { run_id: run.run_id ?? "" } });
    await saveFile(address, "rejected.csv").catch(toastError);
    setBusy(false);
  };
  return (
    <Part title={`Rejected rows: ${formatCount(total)}`} open>
      <div class="row part-bar">
        <span class="muted small">
          {run.rejected_rows.length < total && `The first ${formatCount(run.rejected_rows.length)} of them.`}
        </span>
        <Button busy={busy} onClick={() => void save()}>
          {busy ? "Saving …" : "Save all as CSV"}
        </Button>
      </div>
      <RejectedRows rows={run.rejected_rows} />
    </Part>
  );
}
