import { type JSX } from "preact";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Segments } from "../../components/select";
import { sourceName } from "../../shell/scope-bar";
import { SOURCES, type Source, useView } from "../../state/view";
import { ChosenClient } from "./chosen-client";
import { type Client } from "./directory";
import { SourceForm } from "./source-form";
import { SETTINGS } from "./state";

export function SourcesTab(): JSX.Element {
  const { state, change } = useView(SETTINGS);
  return (
    <ChosenClient height={560}>
      {(client, picker) => {
        const controls = (
          <div class="row">
            {picker}
            <Segments
              label="Source"
              value={state.settings}
              options={SOURCES.map((each) => [each, sourceName(each)] as const)}
              onChange={(settings) => change({ settings })}
            />
          </div>
        );
        return (
          <Card title="How a source is read" controls={controls}>
            <OneSource key={`${client.id ?? ""} ${state.settings}`} client={client} source={state.settings} />
          </Card>
        );
      }}
    </ChosenClient>
  );
}

function OneSource({ client, source }: { readonly client: Client; readonly source: Source }): JSX.Element {
  const settings = useResource("/clients/{client_id}/sources/{source}", { at: { client_id: client.id ?? "", source } });
  return (
    <Loaded resource={settings} height={520}>
      {(data) => <SourceForm client={client} source={source} settings={data} />}
    </Loaded>
  );
}
