import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { textOf } from "../../api/figures";
import { useResource } from "../../api/resource";
import { Picker } from "../../components/picker";
import { type ScopeQuery } from "../../shell/scope";
import { type Parents } from "./state";

const MOST_CHOICES = 50;

interface ParentPickerProps {
  readonly scope: ScopeQuery;
  readonly parents: Parents;
  readonly onChoose: (id: string | null) => void;
}

/** The strategy that a flat list is narrowed to; the API searches them. */
export function StrategyPicker({ scope, parents, onChoose }: ParentPickerProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const query = { client_id: scope.client_id, source: scope.source ?? null, page_size: MOST_CHOICES };
  const found = useResource(
    "/strategies",
    typed === null ? null : { query: { ...query, name: typed === "" ? null : typed, campaign_id: parents.campaign } },
  );
  const { strategy } = parents;
  const chosen = useResource("/strategies/{strategy_id}", strategy === null ? null : { at: { strategy_id: strategy } });
  return (
    <span class="anchor" onFocusCapture={() => setTyped((before) => before ?? "")}>
      <Picker
        label="Strategy"
        value={strategy}
        none="All strategies"
        choices={(found.data?.data ?? []).map((each) => choiceOf(each, "strategy", "campaign_name"))}
        shown={chosen.data?.strategy_name ?? undefined}
        onChoose={onChoose}
        onSearch={setTyped}
      />
    </span>
  );
}

/** The placement that a flat list of creatives is narrowed to. */
export function PlacementPicker({ scope, parents, onChoose }: ParentPickerProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const within = { campaign_id: parents.campaign, strategy_id: parents.strategy };
  const query = { client_id: scope.client_id, source: scope.source ?? null, page_size: MOST_CHOICES, ...within };
  const found = useResource(
    "/placements",
    typed === null ? null : { query: { ...query, name: typed === "" ? null : typed } },
  );
  const { placement } = parents;
  const chosen = useResource(
    "/placements/{placement_id}",
    placement === null ? null : { at: { placement_id: placement } },
  );
  return (
    <span class="anchor" onFocusCapture={() => setTyped((before) => before ?? "")}>
      <Picker
        label="Placement"
        value={placement}
        none="All placements"
        choices={(found.data?.data ?? []).map((each) => choiceOf(each, "placement", "strategy_name"))}
        shown={chosen.data?.placement_name ?? undefined}
        onChoose={onChoose}
        onSearch={setTyped}
      />
    </span>
  );
}

function choiceOf(row: object, level: string, above: string): { value: string; text: string; detail: string } {
  return { value: textOf(row, `${level}_id`), text: textOf(row, `${level}_name`), detail: textOf(row, above) };
}
