import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { request } from "../../api/client";
import { ApiError } from "../../api/errors";
import { invalidate } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Field } from "../../components/field";
import { ErrorNote, Empty } from "../../components/notes";
import { Select } from "../../components/select";
import { ClientFilter } from "../../shell/client-filter";
import { sourceName } from "../../shell/scope-bar";
import { isDay } from "../../state/codecs";
import { countDays } from "../../state/ranges";
import { BackfillJob } from "./backfill-job";
import { type OperationsState, type OperationsView } from "./state";

/** Facebook comes by upload: there is nothing to fetch. */
export const FETCHED = ["surfside", "vibe"] as const;

/** Fetching past days again, and how far that is. */
export function Backfill({ view }: { readonly view: OperationsView }): JSX.Element {
  const { job } = view.state;
  return (
    <div class="backfill">
      <Card title="Fetch past days">
        <Form view={view} />
      </Card>
      {job === null ? (
        <Card title="Progress">
          <Empty title="No job is open here">
            <p>Begin one, or open the link of one: its progress is kept under its own address.</p>
          </Empty>
        </Card>
      ) : (
        <BackfillJob key={job} id={job} state={view.state} />
      )}
    </div>
  );
}

interface Begun {
  readonly busy: boolean;
  readonly error: unknown;
  readonly begin: () => void;
}

/** Begins a job. The same question after a failure is the same job. */
function useBegin({ state, change }: OperationsView, source: string): Begun {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = useRef({ asked: "", key: "" });
  const begin = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const known = FETCHED.find((each) => each === source) ?? null;
    const body = { client_id: state.client, source: known, start_date: state.from, end_date: state.to };
    const asked = JSON.stringify(body);
    if (attempt.current.asked !== asked) attempt.current = { asked, key: uniqueId() };
    const { key: idempotencyKey } = attempt.current;
    try {
      const answer = await request("post", "/admin/backfill-historical", { body, idempotencyKey });
      attempt.current = { asked: "", key: "" };
      invalidate("/admin");
      change({ job: answer.backfill_id });
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  };
  return { busy, error, begin: () => void begin() };
}

function Form({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const source = FETCHED.find((each) => each === state.source) ?? FETCHED[0];
  const { busy, error, begin } = useBegin(view, source);
  const fields = error instanceof ApiError ? error.fieldErrors : {};
  const problem = problemOf(state);
  return (
    <form
      class="card-body stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) begin();
      }}
    >
      <p class="muted">Days that are loaded and unchanged stay as they are; days that failed are begun afresh.</p>
      <div class="field">
        <span class="field-label" aria-hidden="true">
          Client
        </span>
        <ClientFilter client={state.client} none="Choose a client …" onChange={(client) => change({ client })} />
        {fields.client_id !== undefined && <span class="field-error">Client {fields.client_id.join("; ")}</span>}
      </div>
      <Select
        label="Source"
        value={source}
        options={FETCHED.map((each) => [each, sourceName(each)] as const)}
        onChange={(chosen) => change({ source: chosen })}
      />
      <DayFields view={view} errors={fields} />
      {error !== null && <ErrorNote error={error} />}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={problem !== null}>
          {busy ? "One moment …" : "Fetch these days"}
        </Button>
        {problem !== null && <span class="muted small">{problem}</span>}
      </div>
    </form>
  );
}

interface DayFieldsProps {
  readonly view: OperationsView;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

function DayFields({ view, errors }: DayFieldsProps): JSX.Element {
  const { from, to } = view.state;
  const day = (text: string): string | null => (isDay(text) ? text : null);
  return (
    <div class="row range-fields">
      <Field
        label="First day"
        type="date"
        value={from ?? ""}
        errors={errors.start_date}
        onInput={(typed) => view.change({ from: day(typed) }, { replace: true })}
      />
      <Field
        label="Last day"
        type="date"
        value={to ?? ""}
        min={from ?? ""}
        errors={errors.end_date}
        onInput={(typed) => view.change({ to: day(typed) }, { replace: true })}
      />
    </div>
  );
}

/** What is still to be said; the API knows the rest. */
export function problemOf(state: Pick<OperationsState, "client" | "from" | "to">): string | null {
  const { client, from, to } = state;
  if (client === null) return "Choose a client.";
  if (from === null || to === null) return "Give both days.";
  return countDays({ start: from, end: to }) < 1 ? "The last day is before the first." : null;
}
