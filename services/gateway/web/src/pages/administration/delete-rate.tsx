import { type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Ask } from "../../components/ask";
import { ErrorNote, Skeleton } from "../../components/notes";
import { toast } from "../../components/toast";
import { formatDay } from "../../format/dates";
import { formatCpm } from "./cpm";
import { type Client } from "./directory";
import { Effect, type RateEffect } from "./effect";
import { effectOf } from "./rate-form";
import { For } from "./rate-table";
import { type Rate, spansOf } from "./timeline";

interface DeleteRateProps {
  readonly client: Client;
  readonly rate: Rate;
  readonly rates: readonly Rate[];
  readonly onClose: () => void;
}

/** Says what is priced anew without a CPM, and deletes it then. */
export function DeleteRate({ client, rate, rates, onClose }: DeleteRateProps): JSX.Element {
  const [effect, setEffect] = useState<RateEffect | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [round, again] = useState(0);
  const at = { client_id: client.id ?? "", rate_id: rate.id };
  useEffect(() => {
    const controller = new AbortController();
    setFailure(null);
    request("delete", "/clients/{client_id}/cpm/{rate_id}", {
      at,
      query: { preview: true },
      signal: controller.signal,
    }).then(
      (answer) => setEffect(effectOf(answer)),
      (error: unknown) => !controller.signal.aborted && setFailure(error),
    );
    return () => controller.abort();
  }, [rate.id, round]);
  const [key] = useState(uniqueId);
  const work = async (): Promise<void> => {
    await request("delete", "/clients/{client_id}/cpm/{rate_id}", { at, idempotencyKey: key });
    invalidate();
    toast(`The CPM is deleted.${(effect?.rows ?? 0) > 0 ? " Spend is priced anew shortly." : ""}`);
  };
  return (
    <Ask title="Delete the CPM?" action="Delete" kind="danger" disabled={effect === null} onDo={work} onClose={onClose}>
      <div class="row">
        <strong>{formatCpm(rate.cpm, client.currency)}</strong>
        <span>from {formatDay(rate.from)}</span>
        <span class="muted">
          <For source={rate.source} />
        </span>
      </div>
      <p>
        {isUnpriced(rates, rate) ? "Its days become unpriced: without a spend." : "Its days get the CPM before it."}
      </p>
      {failure !== null ? (
        <ErrorNote error={failure} onRetry={() => again(round + 1)} />
      ) : effect === null ? (
        <Skeleton height={96} />
      ) : (
        <Effect effect={effect} currency={client.currency} />
      )}
    </Ask>
  );
}

/** Whether nothing else prices the days of a rate. */
function isUnpriced(rates: readonly Rate[], rate: Rate): boolean {
  const left = spansOf(
    rates.filter(({ id }) => id !== rate.id),
    rate.source,
  );
  return left.every(({ start }) => start > rate.from);
}
