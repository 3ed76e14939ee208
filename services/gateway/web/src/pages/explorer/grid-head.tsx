import { type JSX } from "preact";
import { formatCount } from "../../format/numbers";
import { useTotalChanges } from "./changes";
import { type Column } from "./columns";
import { FigureCells } from "./grid-cells";
import { type ListAnswer } from "./pages";
import { type Sheet, cellFocus, sortNameOf } from "./sheet";
import { LEVEL_NAMES, type Level, PLURALS, type SortName } from "./state";
import { type ScopeQuery } from "../../shell/scope";

interface HeadProps {
  readonly sheet: Sheet;
  readonly level: Level;
  readonly active: number | null;
}

export function HeadLine({ sheet, level, active }: HeadProps): JSX.Element {
  return (
    <div class="line line-head" role="row" aria-rowindex={1}>
      <Head sheet={sheet} title={LEVEL_NAMES[level]} sort="name" at={0} active={active} />
      {sheet.columns.map((column, index) => (
        <Head
          key={column.name}
          sheet={sheet}
          title={column.title}
          column={column}
          sort={sortNameOf(column)}
          at={index + 1}
          active={active}
        />
      ))}
    </div>
  );
}

interface HeadCellProps {
  readonly sheet: Sheet;
  readonly title: string;
  readonly column?: Column;
  /** Null: the API cannot sort by it. */
  readonly sort: SortName | null;
  readonly at: number;
  readonly active: number | null;
}

function Head({ sheet, title, column, sort, at, active }: HeadCellProps): JSX.Element {
  const kind = column === undefined ? "name-cell" : column.kind === "metric" ? "number" : "";
  const isSorted = sort === sheet.sort;
  const direction = sheet.order === "asc" ? "ascending" : "descending";
  return (
    <div
      class={`cell ${kind}`}
      role="columnheader"
      {...cellFocus(0, at, active)}
      aria-sort={sort === null ? undefined : isSorted ? direction : "none"}
    >
      {sort === null ? (
        title
      ) : (
        <button type="button" class="sort" tabIndex={-1} onClick={() => sheet.onSort(sort)}>
          {title}
          <span class="sort-arrow" aria-hidden="true">
            {isSorted ? (sheet.order === "asc" ? "↑" : "↓") : ""}
          </span>
        </button>
      )}
    </div>
  );
}

interface TotalsProps extends HeadProps {
  readonly head: ListAnswer | null;
  /** The scope whose changes are those of the totals; null: there is none. */
  readonly changesOf: ScopeQuery | null;
}

/** Of all rows, as the API says it: never added up here. */
export function TotalsLine({ sheet, level, active, head, changesOf }: TotalsProps): JSX.Element {
  const changes = useTotalChanges(sheet.changes ? changesOf : null);
  const count = head === null ? "" : `${formatCount(head.total)} ${head.total === 1 ? level : PLURALS[level]}`;
  return (
    <div class="line line-totals" role="row" aria-rowindex={2} aria-busy={head === null}>
      <div class="cell name-cell" role="rowheader" {...cellFocus(1, 0, active)}>
        Total <span class="muted">{count}</span>
      </div>
      <FigureCells
        sheet={sheet}
        row={1}
        active={active}
        figures={head?.totals ?? null}
        changes={changes}
        of={sheet.explained(null, level)}
      />
    </div>
  );
}
