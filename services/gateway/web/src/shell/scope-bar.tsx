import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { useResource } from "../api/resource";
import { type Choice, Picker } from "../components/picker";
import { Select } from "../components/select";
import { SOURCES } from "../state/view";
import { RangePicker } from "./range-picker";
import { SavedViews } from "./saved-views";
import { type ScopeInUse } from "./scope";

const SOURCE_NAMES = { surfside: "Surfside", vibe: "Vibe", facebook: "Facebook" } as const;

/** What a source is called; one that this page does not know by the API's own name. */
export function sourceName(source: string): string {
  return source in SOURCE_NAMES ? SOURCE_NAMES[source as keyof typeof SOURCE_NAMES] : source;
}

interface ScopeBarProps {
  readonly scope: ScopeInUse;
  /** Pages without a comparison leave it out. */
  readonly hasComparison?: boolean;
}

/** Client, days, comparison, source and campaign of a page about figures. */
export function ScopeBar({ scope, hasComparison = false }: ScopeBarProps): JSX.Element {
  const { state, change } = scope.view;
  return (
    <>
      <ClientPicker scope={scope} />
      <RangePicker choice={state.range} today={scope.today} onChoose={(range) => change({ range })} />
      {hasComparison && (
        <Select
          inBar
          label="Compared with"
          value={state.compare}
          options={[
            ["previous_period", "vs. period before"],
            ["previous_year", "vs. year before"],
            ["none", "No comparison"],
          ]}
          onChange={(compare) => change({ compare })}
        />
      )}
      <Select
        inBar
        label="Source"
        value={state.source ?? "all"}
        options={[["all", "All sources"], ...SOURCES.map((each) => [each, SOURCE_NAMES[each]] as const)]}
        onChange={(source) => change({ source: source === "all" ? null : source, campaign: null })}
      />
      <CampaignPicker scope={scope} />
      <SavedViews />
    </>
  );
}

function ClientPicker({ scope }: { readonly scope: ScopeInUse }): JSX.Element {
  const choices = (scope.clients.data?.data ?? []).map((client) => ({
    value: client.id ?? "",
    text: client.name ?? "",
    detail: client.currency ?? "",
  }));
  return (
    <Picker
      label="Client"
      value={scope.view.state.client}
      choices={choices}
      onChoose={(client) => scope.view.change({ client, campaign: null })}
    />
  );
}

/** Clients have any number of campaigns: the API searches them. */
function CampaignPicker({ scope }: { readonly scope: ScopeInUse }): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const { client, campaign, source } = scope.view.state;
  const found = useResource(
    "/campaigns",
    client === null || typed === null
      ? null
      : { query: { client_id: [client], page_size: 50, name: typed === "" ? null : typed, source } },
  );
  const chosen = useResource("/campaigns/{campaign_id}", campaign === null ? null : { at: { campaign_id: campaign } });
  const choices: Choice[] = (found.data?.data ?? []).map((each) => ({
    value: each.campaign_id ?? "",
    text: each.campaign_name ?? "",
    detail: sourceName(each.source ?? ""),
  }));
  return (
    <span class="anchor" onFocusCapture={() => setTyped((before) => before ?? "")}>
      <Picker
        label="Campaign"
        value={campaign}
        none="All campaigns"
        choices={choices}
        shown={chosen.data?.campaign_name ?? undefined}
        onChoose={(next) => scope.view.change({ campaign: next })}
        onSearch={setTyped}
      />
    </span>
  );
}
