import { type JSX } from "preact";
import { Badge } from "../../components/notes";
import { formatShortDay } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { type ListAnswer } from "./pages";
import { type Level, PLURALS } from "./state";

/** How much there is, and whether it may still move: heard when it changes. */
export function Status({ head, level }: { readonly head: ListAnswer | null; readonly level: Level }): JSX.Element {
  const from = head?.maturity.status === "provisional" ? head.maturity.provisional_from : null;
  return (
    <span class="row explorer-status" role="status">
      {head !== null && (
        <span class="visually-hidden">
          {formatCount(head.total)} {head.total === 1 ? level : PLURALS[level]}
        </span>
      )}
      {from !== null && <Badge kind="warning">provisional from {formatShortDay(from)} on</Badge>}
    </span>
  );
}
