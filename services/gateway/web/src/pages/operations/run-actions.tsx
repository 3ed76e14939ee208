import { type ComponentChildren, type JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { toast } from "../../components/toast";
import { type RunDetails } from "./run-drawer";
import { textIn } from "./words";

type Action = "confirm" | "reload" | "undo" | "resolve";

interface RunActionsProps {
  readonly run: RunDetails;
  /** Something was asked for that happens soon. */
  readonly onAsked: () => void;
}

/** What can be done about a run in its state: as the API has it. */
export function actionsFor(run: Pick<RunDetails, "status" | "artifact">): readonly Action[] {
  const actions: Action[] = [];
  if (run.status === "held") actions.push("confirm");
  if (run.artifact !== null && Object.keys(run.artifact).length > 0) actions.push("reload");
  if (run.status === "loaded" || run.status === "partial") actions.push("undo");
  return [...actions, "resolve"];
}

const TEXTS: Readonly<Record<Action, string>> = {
  confirm: "Confirm it",
  reload: "Reload",
  undo: "Undo",
  resolve: "Resolve with notes",
};

export function RunActions({ run, onAsked }: RunActionsProps): JSX.Element {
  const [asking, ask] = useState<Action | null>(null);
  const text = (action: Action): string =>
    action === "resolve" && textIn(run.resolution_status) !== null ? "Change the notes" : TEXTS[action];
  const props = { run, onAsked, onClose: () => ask(null) };
  return (
    <div class="row" role="group" aria-label="What can be done">
      {actionsFor(run).map((action) => (
        <Button key={action} kind={KINDS[action] ?? "plain"} onClick={() => ask(action)}>
          {text(action)}
        </Button>
      ))}
      {asking === "confirm" && <ConfirmRun {...props} />}
      {asking === "undo" && <UndoRun {...props} />}
      {asking === "reload" && <ReloadRun {...props} />}
      {asking === "resolve" && <ResolveRun {...props} />}
    </div>
  );
}

const KINDS: Partial<Record<Action, "primary" | "danger">> = { confirm: "primary", undo: "danger" };

interface ActionProps extends RunActionsProps {
  readonly onClose: () => void;
}

/** Asked once: a repetition with the same key is the same. */
function useKey(): string {
  return useState(uniqueId)[0];
}

function ConfirmRun({ run, onAsked, onClose }: ActionProps): JSX.Element {
  const idempotencyKey = useKey();
  const go = async (): Promise<void> => {
    await request("post", "/admin/ingestion-logs/{run_id}/confirm", { at: at(run), idempotencyKey });
    asked(onAsked, "It is loaded after all: within moments it stands.");
  };
  return (
    <Ask title="Load this held run after all?" action="Load it" onDo={go} onClose={onClose}>
      <p>
        It was held because it would remove more than half of a day. Confirming says that this is right: its rows
        replace what stands for its days, and what is not in it vanishes there. It can be undone afterwards.
      </p>
    </Ask>
  );
}

function UndoRun({ run, onAsked, onClose }: ActionProps): JSX.Element {
  const idempotencyKey = useKey();
  const go = async (): Promise<void> => {
    await request("post", "/admin/ingestion-logs/{run_id}/undo", { at: at(run), idempotencyKey });
    asked(onAsked, "It is taken back: the figures follow within moments.");
  };
  return (
    <Ask title="Undo this run?" action="Undo it" kind="danger" onDo={go} onClose={onClose}>
      <p>
        The rows that it displaced are put back, for the days that no later run touched; days that one did touch stay as
        they are. The raw file stays in the archive and can be reloaded.
      </p>
    </Ask>
  );
}

function ReloadRun({ run, onAsked, onClose }: ActionProps): JSX.Element {
  const idempotencyKey = useKey();
  const [allowShrink, setAllowShrink] = useState(false);
  const go = async (): Promise<void> => {
    const body = { allow_shrink: allowShrink };
    await request("post", "/admin/ingestion-logs/{run_id}/reload", { at: at(run), body, idempotencyKey });
    asked(onAsked, "It is read again, as a new run: see the list of runs.");
  };
  return (
    <Ask title="Read the raw file again?" action="Reload it" onDo={go} onClose={onClose}>
      <p>
        The archived bytes are read with today's settings, as a new run that replaces what this delivery brought. Right
        after a column map, a date format or a pattern was changed.
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={allowShrink}
          onChange={(event) => setAllowShrink(event.currentTarget.checked)}
        />
        <span>
          Load it even if it removes more than half of a day
          <span class="muted small"> – otherwise such a run is held until somebody confirms it.</span>
        </span>
      </label>
    </Ask>
  );
}

const MOST_NOTES = 2_000;

function ResolveRun({ run, onClose }: ActionProps): JSX.Element {
  const [notes, setNotes] = useState(textIn(run.resolution_notes) ?? "");
  const id = useId();
  const go = async (): Promise<void> => {
    const body = { resolution_notes: notes.trim() === "" ? null : notes.trim() };
    await request("post", "/admin/ingestion-logs/{run_id}/resolve", { at: at(run), body });
    asked(() => undefined, "It is marked as resolved.");
  };
  return (
    <Ask title="Somebody took care of it?" action="Mark as resolved" onDo={go} onClose={onClose}>
      <p>No figure changes. A failed day stops being reported as failed; the notes are for whoever asks later.</p>
      <Labelled id={id} label="What was done">
        <textarea
          id={id}
          class="input textarea"
          maxLength={MOST_NOTES}
          value={notes}
          onInput={(event) => setNotes(event.currentTarget.value)}
        />
      </Labelled>
    </Ask>
  );
}

function Labelled({ id, label, children }: { id: string; label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
    </div>
  );
}

function at(run: RunDetails): { run_id: string } {
  return { run_id: run.run_id ?? "" };
}

function asked(onAsked: () => void, told: string): void {
  invalidate();
  onAsked();
  toast(told);
}
