import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Select } from "../../components/select";
import { toast } from "../../components/toast";
import { ClientFilter } from "../../shell/client-filter";
import { sourceName } from "../../shell/scope-bar";
import { FETCHED } from "./backfill";

/** Fetching without waiting for the clock. */
export function PullNow(): JSX.Element {
  const [asking, ask] = useState(false);
  return (
    <>
      <Button onClick={() => ask(true)}>Pull now …</Button>
      {asking && <PullQuestion onClose={() => ask(false)} />}
    </>
  );
}

function PullQuestion({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [source, setSource] = useState<(typeof FETCHED)[number]>(FETCHED[0]);
  const [client, setClient] = useState<string | null>(null);
  const [day, setDay] = useState("");
  const [idempotencyKey] = useState(uniqueId);
  const go = async (): Promise<void> => {
    const body = { source, client_id: client, date: day === "" ? null : day };
    const answer = await request("post", "/admin/trigger-ingestion", { body, idempotencyKey });
    invalidate("/admin");
    const clients = answer.clients.length === 1 ? (answer.clients[0] ?? "one client") : `${answer.clients.length} clients`;
    toast(`A pull of ${sourceName(source)} is queued for ${clients}.`);
  };
  return (
    <Ask title="Pull a source now?" action="Pull it" onDo={go} onClose={onClose}>
      <p>It is fetched as the clock would do it. What is loaded and unchanged stays as it is.</p>
      <Select
        label="Source"
        value={source}
        options={FETCHED.map((each) => [each, sourceName(each)] as const)}
        onChange={setSource}
      />
      <div class="field">
        <span class="field-label" aria-hidden="true">
          Client
        </span>
        <ClientFilter client={client} none="All clients that have it" onChange={setClient} />
      </div>
      <Field label="Day" type="date" value={day} hint="Left out: the usual days." onInput={setDay} />
    </Ask>
  );
}
