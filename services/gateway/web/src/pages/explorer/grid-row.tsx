import { Component, type JSX } from "preact";
import { textOf } from "../../api/figures";
import { Button } from "../../components/button";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Skeleton, sentenceOf } from "../../components/notes";
import { sourceName } from "../../shell/scope-bar";
import { useRowChanges } from "./changes";
import { barOf } from "./columns";
import { FigureCells } from "./grid-cells";
import { type Row } from "./pages";
import { previewOf } from "./preview";
import { type Rows } from "./rows";
import { LINES_ABOVE, ROW_HEIGHT, type Sheet, cellFocus } from "./sheet";
import { PLURALS, levelBelow } from "./state";
import { type Slot } from "./tree";

interface LineProps {
  readonly sheet: Sheet;
  readonly slot: Slot;
  readonly line: number;
  readonly active: number | null;
  readonly error: unknown;
  readonly rows: Pick<Rows, "retry">;
}

/** Drawn again only when something on it changed: while somebody scrolls, most lines stand still. */
export class StillLine extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps): boolean {
    const now = this.props;
    const isSame = SHOWN.every((name) => next[name] === now[name]) && next.slot.kind === now.slot.kind;
    return !(isSame && isSameSlot(next.slot, now.slot));
  }

  override render(): JSX.Element {
    return <Line {...this.props} />;
  }
}

const SHOWN = ["sheet", "line", "active", "error"] as const;

function isSameSlot(one: Slot, other: Slot): boolean {
  const { branch } = one;
  return (
    one.row === other.row &&
    one.isOpen === other.isOpen &&
    branch.level === other.branch.level &&
    branch.depth === other.branch.depth
  );
}

/** A line of the table, at its place in a list that is mostly not drawn. */
function Line(props: LineProps): JSX.Element {
  const { sheet, slot, line, active } = props;
  const { branch, row } = slot;
  const changes = useRowChanges(sheet, branch.level, row);
  const at = line + LINES_ABOVE;
  const canOpen = sheet.isTree && row !== undefined && levelBelow(branch.level) !== null;
  return (
    <div
      class="line"
      role="row"
      aria-rowindex={at + 1}
      aria-level={sheet.isTree ? branch.depth + 1 : undefined}
      aria-expanded={canOpen ? slot.isOpen : undefined}
      aria-busy={slot.kind === "waiting"}
      data-depth={branch.depth}
      style={{ top: `${line * ROW_HEIGHT}px`, "--depth": String(branch.depth) }}
    >
      {slot.kind === "failed" || slot.kind === "empty" ? (
        <Notice {...props} />
      ) : (
        <>
          <div class="cell name-cell" role="rowheader" {...cellFocus(at, 0, active)}>
            {row === undefined ? <WaitingName line={line} /> : <EntityName sheet={sheet} slot={slot} row={row} />}
          </div>
          <FigureCells
            sheet={sheet}
            row={at}
            active={active}
            figures={row ?? null}
            changes={changes}
            of={row === undefined ? null : sheet.explained(row, branch.level)}
            barOf={(name) => (row === undefined ? null : barOf(sheet.scales, row, name))}
          />
        </>
      )}
    </div>
  );
}

interface EntityNameProps {
  readonly sheet: Sheet;
  readonly slot: Slot;
  readonly row: Row;
}

function EntityName({ sheet, slot, row }: EntityNameProps): JSX.Element {
  const { level } = slot.branch;
  const name = textOf(row, `${level}_name`);
  const source = textOf(row, "source");
  const canOpen = sheet.isTree && levelBelow(level) !== null;
  return (
    <>
      {sheet.isTree && !canOpen && <span class="no-opener" />}
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
        <CreativeName row={row} name={name} sheet={sheet} />
      ) : (
        <Link href={sheet.hrefInto(row, level)} class="into" tabIndex={-1}>
          <Name text={name} />
        </Link>
      )}
    </>
  );
}

interface CreativeNameProps {
  readonly row: Row;
  readonly name: string;
  readonly sheet: Sheet;
}

function CreativeName({ row, name, sheet }: CreativeNameProps): JSX.Element {
  if (previewOf(row) === null) return <Name text={name} />;
  return (
    <button
      type="button"
      class="into"
      tabIndex={-1}
      aria-haspopup="dialog"
      title="Show the creative"
      onClick={(event) => sheet.onPreview(row, event.currentTarget)}
    >
      <Name text={name} />
      <Picture />
    </button>
  );
}

/** Of various lengths, as names are. */
function WaitingName({ line }: { readonly line: number }): JSX.Element {
  return (
    <>
      <span class="visually-hidden">Loading</span>
      <Skeleton height={12} width={`${40 + ((line * 17) % 45)}%`} />
    </>
  );
}

/** In the place of rows: they could not be read, or there are none. */
function Notice({ sheet, slot, line, active, error, rows }: LineProps): JSX.Element {
  const focus = cellFocus(line + LINES_ABOVE, 0, active === null ? null : 0);
  return (
    <div class="cell name-cell notice" role="gridcell" aria-colspan={sheet.columns.length + 1} {...focus}>
      <span class="muted">
        {slot.kind === "failed" ? sentenceOf(error) : `No ${PLURALS[slot.branch.level]} with figures here.`}
      </span>
      {slot.kind === "failed" && <Button onClick={() => rows.retry(slot.branch)}>Try again</Button>}
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
