import { type JSX } from "preact";
import { Badge } from "../../components/notes";
import { Tooltip } from "../../components/tooltip";
import { sourceName } from "../../shell/scope-bar";
import { runWord } from "./words";

/** How a run ended, or where it is. */
export function RunStatusBadge({ status }: { readonly status: string | null }): JSX.Element {
  const { text, kind } = runWord(status);
  return <Badge kind={kind}>{text}</Badge>;
}

/** The same, with what it means. */
export function RunStatusExplained({ status }: { readonly status: string | null }): JSX.Element {
  const { meaning } = runWord(status);
  const badge = <RunStatusBadge status={status} />;
  return meaning === "" ? badge : <Tooltip text={meaning}>{badge}</Tooltip>;
}

export function SourceName({ source }: { readonly source: string | null }): JSX.Element {
  return (
    <span class="row source-name">
      <span class="dot" data-source={source ?? ""} aria-hidden="true" />
      {sourceName(source ?? "–")}
    </span>
  );
}
