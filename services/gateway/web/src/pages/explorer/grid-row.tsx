import { type JSX } from "preact";
import { textOf } from "../../api/figures";
import { Button } from "../../components/button";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Skeleton, sentenceOf } from "../../components/notes";
import { sourceName } from "../../shell/scope-bar";
import { useRowChanges } from "./changes";
import { barOf } from "./columns";
import { FigureCells, WaitingCells } from "./grid-cells";
import { type Row } from "./pages";
import { previewOf } from "./preview";
import { LINES_ABOVE, ROW_HEIGHT, type Sheet, cellKey } from "./sheet";
import { PLURALS, levelBelow } from "./state";
import { type Slot } from "./tree";

interface LineProps {
  readonly sheet: Sheet;
  readonly slot: Slot;
  readonly line: number;
  readonly active: number | null;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** A line of the table, at its place in a list that is mostly not drawn. */
export function Line(props: LineProps): JSX.Element {
  const { sheet, slot, line } = props;
  const { branch, row } = slot;
  const changes = useRowChanges(sheet, branch.level, row);
  const row1 = line + LINES_ABOVE;
  const canOpen = sheet.isTree && row !== undefined && levelBelow(branch.level) !== null;
  return (
    <div
      class="line"
      role="row"
      aria-rowindex={row1 + 1}
      aria-level={sheet.isTree ? branch.depth + 1 : undefined}
      aria-expanded={canOpen ? slot.isOpen : undefined}
      aria-busy={slot.kind === "waiting"}
      data-depth={branch.depth}
      style={{ top: `${line * ROW_HEIGHT}px`, "--depth": String(branch.depth) }}
    >
      {row === undefined ? (
        <Placeholder {...props} />
      ) : (
        <>
          <NameCell sheet={sheet} slot={slot} row={row} at={row1} active={props.active === 0} canOpen={canOpen} />
          <FigureCells
            sheet={sheet}
            place={{ row: row1, active: props.active }}
            figures={row}
            changes={changes}
            of={sheet.explained(row, branch.level)}
            barOf={(name) => barOf(sheet.scales, row, name)}
          />
        </>
      )}
    </div>
  );
}

interface NameCellProps {
  readonly sheet: Sheet;
  readonly slot: Slot;
  readonly row: Row;
  readonly at: number;
  readonly active: boolean;
  readonly canOpen: boolean;
}

function NameCell({ sheet, slot, row, at, active, canOpen }: NameCellProps): JSX.Element {
  const { level } = slot.branch;
  const name = textOf(row, `${level}_name`);
  const source = textOf(row, "source");
  const focus = { tabIndex: active ? 0 : -1, "data-cell": cellKey(at, 0) };
  return (
    <div class="cell name-cell" role="rowheader" aria-colindex={1}>
      {canOpen && (
        <button
          type="button"
          class="opener"
          tabIndex={-1}
          aria-label={`${slot.isOpen ? "Close" : "Open"} ${name}`}
          data-open={slot.isOpen}
          onClick={() => sheet.onToggle(textOf(row, `${level}_id`))}
        >
          <Chevron />
        </button>
      )}
      <span class="dot" data-source={source} title={sourceName(source)} />
      {level === "creative" ? (
        <CreativeName row={row} name={name} sheet={sheet} focus={focus} />
      ) : (
        <Link href={sheet.hrefInto(row, level)} class="into" focus={focus}>
          <Name text={name} />
        </Link>
      )}
    </div>
  );
}

interface CreativeNameProps {
  readonly row: Row;
  readonly name: string;
  readonly sheet: Sheet;
  readonly focus: { readonly tabIndex: number; readonly "data-cell": string };
}

function CreativeName({ row, name, sheet, focus }: CreativeNameProps): JSX.Element {
  if (previewOf(row) === null) return <span class="cell-text" {...focus}><Name text={name} /></span>;
  return (
    <button
      type="button"
      class="into"
      aria-haspopup="dialog"
      title="Show the creative"
      {...focus}
      onClick={(event) => sheet.onPreview(row, event.currentTarget)}
    >
      <Name text={name} />
      <Picture />
    </button>
  );
}

/** In the place of a row: it is on its way, it could not be read, or there is none. */
function Placeholder({ sheet, slot, line, active, error, onRetry }: LineProps): JSX.Element {
  const focus = { tabIndex: active === null ? -1 : 0, "data-cell": cellKey(line + LINES_ABOVE, 0) };
  if (slot.kind === "waiting") {
    return (
      <>
        <div class="cell name-cell" role="rowheader" aria-colindex={1}>
          <span class="cell-text waiting" aria-label="Loading" role="img" {...focus}>
            <Skeleton height={12} width={`${40 + ((line * 17) % 45)}%`} />
          </span>
        </div>
        <WaitingCells columns={sheet.columns} />
      </>
    );
  }
  return (
    <div class="cell name-cell notice" role="gridcell" aria-colindex={1} aria-colspan={sheet.columns.length + 1}>
      <span class="cell-text muted" {...focus}>
        {slot.kind === "failed" ? sentenceOf(error) : `No ${PLURALS[slot.branch.level]} with figures here.`}
      </span>
      {slot.kind === "failed" && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

function Chevron(): JSX.Element {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <path d="M3 1l4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
    </svg>
  );
}

function Picture(): JSX.Element {
  return (
    <svg class="picture" width="14" height="14" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M12.5 8h.01"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linejoin="round"
      />
    </svg>
  );
}
