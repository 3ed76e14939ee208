import { type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isAdmin } from "../../api/auth";
import { session } from "../../api/session";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Progress } from "../../components/progress";
import { useActiveClients } from "../../shell/client-filter";
import { Choices } from "./choices";
import { DropZone } from "./drop-zone";
import { Look } from "./look";
import { Outcome } from "./outcome";
import { Refusal } from "./refusal";
import { type Step, isBusy, problemOf } from "./steps";
import { type Flowing, useFlow } from "./use-flow";

interface NewUploadProps {
  /** Of the address: whose uploads are listed. */
  readonly client: string | null;
  readonly onDetails: (uploadId: string) => void;
}

/** A file is looked at first, and loaded only when somebody says so. */
export function NewUpload({ client, onDetails }: NewUploadProps): JSX.Element {
  const flowing = useFlow();
  const { flow, want } = flowing;
  const { data: listed } = useActiveClients();
  const clients = listed?.data ?? [];
  const hasMany = listed === null ? isAdmin(session.value) : clients.length > 1;
  const only = clients.length === 1 ? (clients[0]?.id ?? "") : "";
  useEffect(() => {
    if (flow.wanted.client === "") want({ client: client ?? only });
  }, [client, only]);

  if (flow.step.at === "accepted") {
    return (
      <Card title="Upload">
        <div class="card-body">
          <Outcome
            key={flow.step.upload.upload_id}
            accepted={flow.step.upload}
            onDetails={onDetails}
            onAgain={flowing.again}
          />
        </div>
      </Card>
    );
  }
  const currency = clients.find((each) => each.id === flow.wanted.client)?.currency ?? null;
  return (
    <>
      <Card title="Upload a file">
        <Form flowing={flowing} hasManyClients={hasMany} />
      </Card>
      <Found flowing={flowing} currency={currency} />
    </>
  );
}

interface FormProps {
  readonly flowing: Flowing;
  readonly hasManyClients: boolean;
}

function Form({ flowing, hasManyClients }: FormProps): JSX.Element {
  const { flow, choose, want, look } = flowing;
  const problem = flow.file === null ? null : problemOf(flow.file);
  const hasFile = flow.file !== null && problem === null;
  const hasClient = flow.wanted.client !== "" || !hasManyClients;
  const isRefused = flow.error !== null && flow.step.at === "choosing";
  return (
    <form
      class="card-body new-upload"
      onSubmit={(event) => {
        event.preventDefault();
        if (hasFile && hasClient) look();
      }}
    >
      <div class="stack">
        <DropZone file={flow.file} problem={problem} disabled={isBusy(flow.step)} onFile={choose} />
        <LookButton flowing={flowing} ready={hasFile && hasClient} />
        {hasFile && !hasClient && <p class="muted small">Choose the client first.</p>}
        {isRefused && <Refusal error={flow.error} onRetry={() => look()} />}
      </div>
      <Choices
        wanted={flow.wanted}
        error={flow.error}
        hasManyClients={hasManyClients}
        disabled={isBusy(flow.step)}
        onChange={want}
      />
    </form>
  );
}

function LookButton({ flowing, ready }: { flowing: Flowing; ready: boolean }): JSX.Element {
  const { step } = flowing.flow;
  if (step.at === "looking") {
    return (
      <>
        <Sent step={step} waiting="Reading it …" sending="Sending it for a look" />
        <Button onClick={flowing.stop}>Stop</Button>
      </>
    );
  }
  const again = step.at === "looked";
  return (
    <Button kind={again ? "plain" : "primary"} type="submit" disabled={!ready || isBusy(step)}>
      {again ? "Look again" : "See what would change"}
    </Button>
  );
}

/** How much of the bytes has left; then the answer is awaited. */
function Sent({ step, sending, waiting }: { step: Step; sending: string; waiting: string }): JSX.Element | null {
  if (step.at !== "looking" && step.at !== "sending") return null;
  return (
    <div role="status">
      <Progress label={step.sent === null ? waiting : sending} percent={step.sent} />
    </div>
  );
}

function Found({ flowing, currency }: { flowing: Flowing; currency: string | null }): JSX.Element | null {
  const { flow, confirm, look, stop } = flowing;
  const { step } = flow;
  const card = useRef<HTMLDivElement>(null);
  const isThere = step.at === "looked" || step.at === "sending";
  useEffect(() => {
    // Whoever asked for it goes on reading there.
    if (!isThere) return;
    card.current?.focus({ preventScroll: true });
    card.current?.scrollIntoView({ block: "start" });
  }, [isThere]);
  if (!isThere) return null;
  return (
    <div ref={card} tabIndex={-1} class="found">
      <Card title="What would change">
        <div class="card-body stack">
          <Look preview={step.preview} currency={currency} onInstead={(onDuplicate) => look({ onDuplicate })} />
          {flow.error !== null && <Refusal error={flow.error} onRetry={confirm} />}
          {step.at === "sending" ? (
            <>
              <Sent step={step} sending="Sending it" waiting="Checking it …" />
              <div class="row">
                <Button onClick={stop}>Stop</Button>
              </div>
            </>
          ) : (
            step.preview.would_be === "loaded" && (
              <div class="row">
                <Button kind="primary" onClick={confirm}>
                  Load it
                </Button>
                <span class="muted small">Later it can be undone by an administrator.</span>
              </div>
            )
          )}
        </div>
      </Card>
    </div>
  );
}
