import { type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { textOf } from "../../api/figures";
import { type ScopeQuery } from "../../shell/scope";
import "./grid.css";
import { HeadLine, TotalsLine } from "./grid-head";
import { StillLine } from "./grid-row";
import { type Cell, moved } from "./keyboard";
import { type Rows } from "./rows";
import { LINES_ABOVE, ROW_HEIGHT, type Sheet, cellKey, tracksOf, widthOf } from "./sheet";
import { levelBelow } from "./state";
import { heightOf, lineAbove, slotAt } from "./tree";
import { useViewport } from "./viewport";

interface GridProps {
  readonly label: string;
  readonly sheet: Sheet;
  readonly rows: Rows;
  readonly changesOf: ScopeQuery | null;
  /** What the rows answer: another one begins at the top. */
  readonly question: string;
}

/** Any number of rows, of which those in view are drawn, and the one that has the focus. */
export function Grid({ label, sheet, rows, changesOf, question }: GridProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const viewport = useViewport(scroller, question);
  const height = heightOf(rows.root);
  const [active, setActive] = useActive(scroller, height + LINES_ABOVE);
  const lines = linesOf(viewport.first, viewport.last, height);
  const drawn = withActive(lines, active.row - LINES_ABOVE);
  useEffect(() => {
    rows.want(lines.flatMap((line) => slotAt(rows.root, line) ?? []));
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || cellOf(event.target) === null) return;
    if (event.key === "Enter" || event.key === " ") {
      press(event);
      return;
    }
    const line = active.row - LINES_ABOVE;
    const bounds = { rows: height + LINES_ABOVE, columns: sheet.columns.length + 1, page: viewport.page };
    const next = (active.column === 0 ? opened(event.key, rows, sheet, line) : null) ?? moved(event, active, bounds);
    if (next === null) return;
    event.preventDefault();
    if (next !== "done") setActive(next);
  };
  const widths = sheet.columns.map((column) => widthOf(column, rows.head?.totals ?? null, sheet));
  const width = widths.reduce((sum, each) => sum + each, 0);
  return (
    <div
      ref={scroller}
      class={rows.stale ? "grid stale" : "grid"}
      role={sheet.isTree ? "treegrid" : "grid"}
      aria-label={label}
      aria-rowcount={rows.head === null ? -1 : height + LINES_ABOVE}
      aria-colcount={sheet.columns.length + 1}
      aria-busy={rows.stale || rows.head === null}
      style={{ "--tracks": tracksOf(widths), "--figures": `${width}px`, "--row": `${ROW_HEIGHT}px` }}
      onKeyDown={onKeyDown}
      onFocusCapture={(event) => {
        const cell = cellOf(event.target);
        if (cell !== null && (cell.row !== active.row || cell.column !== active.column)) setActive(cell, false);
      }}
    >
      <div class="lines-above" role="rowgroup">
        <HeadLine sheet={sheet} level={rows.root.level} active={activeIn(active, 0)} />
        <TotalsLine
          sheet={sheet}
          level={rows.root.level}
          active={activeIn(active, 1)}
          head={rows.head}
          changesOf={changesOf}
        />
      </div>
      <div class="lines" role="rowgroup" style={{ height: `${height * ROW_HEIGHT}px` }}>
        {drawn.map((line) => (
          <At key={line} sheet={sheet} rows={rows} line={line} active={activeIn(active, line + LINES_ABOVE)} />
        ))}
      </div>
    </div>
  );
}

interface AtProps {
  readonly sheet: Sheet;
  readonly rows: Rows;
  readonly line: number;
  readonly active: number | null;
}

function At({ sheet, rows, line, active }: AtProps): JSX.Element | null {
  const slot = slotAt(rows.root, line);
  if (slot === undefined) return null;
  const error = rows.errorOf(slot.branch);
  return <StillLine sheet={sheet} slot={slot} line={line} active={active} error={error} rows={rows} />;
}

type SetActive = (cell: Cell, focus?: boolean) => void;

/** The cell that Tab comes to. Moving there by key also brings it into view and focuses it. */
function useActive(scroller: { readonly current: HTMLDivElement | null }, rows: number): [Cell, SetActive] {
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const wantsFocus = useRef(false);
  const shown = { row: Math.min(active.row, rows - 1), column: active.column };
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    // A line that says something has one cell for all columns.
    const keys = [cellKey(shown), cellKey({ row: shown.row, column: 0 })];
    const cells = keys.map((key) => scroller.current?.querySelector<HTMLElement>(`[data-cell="${key}"]`));
    const cell = cells.find((each) => each !== null);
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
    cell?.focus({ preventScroll: true });
  }, [shown.row, shown.column]);
  return [
    shown,
    (cell, focus = true) => {
      wantsFocus.current = focus;
      setActive(cell);
    },
  ];
}

/** In the first column of a tree, → opens a row, ← closes it or goes to the row above it. Null: neither. */
function opened(key: string, rows: Rows, sheet: Sheet, line: number): Cell | "done" | null {
  const slot = slotAt(rows.root, line);
  if (!sheet.isTree || slot === undefined) return null;
  const { branch, row, isOpen } = slot;
  const canOpen = row !== undefined && levelBelow(branch.level) !== null;
  if (canOpen && key === (isOpen ? "ArrowLeft" : "ArrowRight")) {
    sheet.onToggle(textOf(row, `${branch.level}_id`));
    return "done";
  }
  const above = key === "ArrowLeft" ? lineAbove(rows.root, line) : -1;
  return above === -1 ? null : { row: above + LINES_ABOVE, column: 0 };
}

/** Does what the cell that has the focus is for; within a cell, its buttons do it themselves. */
function press(event: KeyboardEvent): void {
  const cell = event.target as Element;
  if (!cell.matches("[data-cell]")) return;
  const inside = cell.querySelector<HTMLElement>("a, button:not(.opener)");
  if (inside === null) return;
  event.preventDefault();
  inside.click();
}

function activeIn(active: Cell, row: number): number | null {
  return active.row === row ? active.column : null;
}

function cellOf(target: EventTarget | null): Cell | null {
  const key = (target as Element | null)?.closest("[data-cell]")?.getAttribute("data-cell");
  const [row, column] = (key ?? "").split(",").map(Number);
  return row === undefined || column === undefined ? null : { row, column };
}

/** The row with the focus is drawn wherever it is, and in its place: an element that is moved loses the focus. */
function withActive(lines: readonly number[], line: number): readonly number[] {
  if (lines.includes(line)) return lines;
  return [...lines, line].sort((one, other) => one - other);
}

function linesOf(first: number, last: number, height: number): readonly number[] {
  const from = Math.max(0, first);
  return Array.from({ length: Math.max(0, Math.min(height, last) - from) }, (_, index) => from + index);
}
