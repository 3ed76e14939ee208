import { type JSX } from "preact";
import { Select } from "../../components/select";
import { ClientFilter } from "../../shell/client-filter";
import { sourceName } from "../../shell/scope-bar";
import { SOURCES } from "../../state/view";
import { type OperationsView } from "./state";

/** Client and source: they go along from tab to tab. */
export function WhoseFilter({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  return (
    <>
      <ClientFilter client={state.client} onChange={(client) => change({ client, page: 1 })} />
      <Select
        inBar
        label="Source"
        value={state.source ?? "all"}
        options={[["all", "All sources"], ...SOURCES.map((each) => [each, sourceName(each)] as const)]}
        onChange={(source) => change({ source: source === "all" ? null : source, page: 1 })}
      />
    </>
  );
}

interface MaybeSelectProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly all: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T | null) => void;
}

/** One of these, or all. */
export function MaybeSelect<T extends string>(props: MaybeSelectProps<T>): JSX.Element {
  const { label, value, all, options, onChange } = props;
  return (
    <Select<T | "">
      inBar
      label={label}
      value={value ?? ""}
      options={[["", all], ...options]}
      onChange={(chosen) => onChange(chosen === "" ? null : chosen)}
    />
  );
}
