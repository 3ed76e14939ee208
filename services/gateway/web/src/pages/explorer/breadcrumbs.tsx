import { type JSX } from "preact";
import { textOf } from "../../api/figures";
import { useResource } from "../../api/resource";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { type Level, type Parents } from "./state";

interface BreadcrumbsProps {
  readonly parents: Parents;
  /** The view that is narrowed to an entity, or to none. */
  readonly hrefAt: (level: Level | null, id: string) => string;
}

const ABOVE = ["campaign", "strategy", "placement"] as const;

/** Where in the hierarchy the rows are, and the way up. */
export function Breadcrumbs({ parents, hrefAt }: BreadcrumbsProps): JSX.Element | null {
  const lowest = useLowest(parents);
  const deepest = ABOVE.findLast((level) => parents[level] !== null);
  if (deepest === undefined) return null;
  const steps = ABOVE.slice(0, ABOVE.indexOf(deepest) + 1);
  return (
    <nav aria-label="Within">
      <ol class="breadcrumbs">
        <li>
          <Link href={hrefAt(null, "")}>All campaigns</Link>
        </li>
        {steps.map((level) => {
          const id = parents[level] ?? (lowest === null ? "" : textOf(lowest, `${level}_id`));
          const name = lowest === null ? "…" : textOf(lowest, `${level}_name`);
          return (
            <li key={level}>
              {level === deepest ? (
                <span aria-current="location">
                  <Name text={name} />
                </span>
              ) : (
                <Link href={hrefAt(level, id)}>
                  <Name text={name} />
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** The lowest of them: it carries the names of all that it belongs to. */
function useLowest({ campaign, strategy, placement }: Parents): object | null {
  const isStrategy = strategy !== null && placement === null;
  const isCampaign = campaign !== null && strategy === null && placement === null;
  const ofPlacement = useResource(
    "/placements/{placement_id}",
    placement === null ? null : { at: { placement_id: placement } },
  );
  const ofStrategy = useResource("/strategies/{strategy_id}", isStrategy ? { at: { strategy_id: strategy } } : null);
  const ofCampaign = useResource("/campaigns/{campaign_id}", isCampaign ? { at: { campaign_id: campaign } } : null);
  const found = placement !== null ? ofPlacement : isStrategy ? ofStrategy : ofCampaign;
  return found.stale ? null : found.data;
}
