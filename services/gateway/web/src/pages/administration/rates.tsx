import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer } from "../../api/client";
import { useResource } from "../../api/resource";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Empty } from "../../components/notes";
import { todayIn } from "../../state/ranges";
import { ChosenClient } from "./chosen-client";
import { type Client, useUsers, withNames } from "./directory";
import { DeleteRate } from "./delete-rate";
import { RateForm } from "./rate-form";
import { RateTable } from "./rate-table";
import { type Rate } from "./timeline";
import { Timeline } from "./timeline-chart";

type History = Answer<"/clients/{client_id}/cpm/history">["data"];
/** A client with more changes of its CPM is not known. */
const MOST_RATES = 500;

export function RatesTab(): JSX.Element {
  return (
    <ChosenClient height={420}>
      {(client, picker) => <Rates key={client.id} client={client} picker={picker} />}
    </ChosenClient>
  );
}

type Opened = { readonly what: "set" } | { readonly what: "delete"; readonly rate: Rate };

function Rates({ client, picker }: { readonly client: Client; readonly picker: JSX.Element }): JSX.Element {
  const [opened, open] = useState<Opened | null>(null);
  const history = useResource("/clients/{client_id}/cpm/history", {
    at: { client_id: client.id ?? "" },
    query: { page_size: MOST_RATES },
  });
  const users = useUsers();
  const today = todayIn(client.timezone ?? "UTC");
  const controls = (
    <div class="row">
      {picker}
      <Button kind="primary" onClick={() => open({ what: "set" })}>
        Set a CPM
      </Button>
    </div>
  );
  const rates = ratesOf(history.data?.data ?? []);
  return (
    <>
      <Card title="CPMs" controls={controls}>
        <Loaded resource={withNames(history, users)} height={380}>
          {({ data }) =>
            data.length === 0 ? (
              <Unpriced />
            ) : (
              <>
                <Timeline rates={rates} today={today} currency={client.currency} />
                <RateTable
                  history={data}
                  rates={rates}
                  today={today}
                  onDelete={(rate) => open({ what: "delete", rate })}
                />
              </>
            )
          }
        </Loaded>
      </Card>
      {opened?.what === "set" && <RateForm client={client} rates={rates} today={today} onClose={() => open(null)} />}
      {opened?.what === "delete" && (
        <DeleteRate client={client} rate={opened.rate} rates={rates} onClose={() => open(null)} />
      )}
    </>
  );
}

function ratesOf(history: History): Rate[] {
  return history.map(({ id, source, cpm, effective_date: from }) => ({
    id: id ?? "",
    source: typeof source === "string" ? source : null,
    cpm: cpm ?? 0,
    from: from ?? "",
  }));
}

function Unpriced(): JSX.Element {
  return (
    <Empty title="This client is unpriced">
      <p>Without a CPM nothing has a spend. Set one from the first day on that should have it.</p>
    </Empty>
  );
}
