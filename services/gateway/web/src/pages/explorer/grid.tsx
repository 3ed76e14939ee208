import { type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { textOf } from "../../api/figures";
import { type ScopeQuery } from "../../shell/scope";
import { HeadLine, TotalsLine } from "./grid-head";
import { Line } from "./grid-row";
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
    if (event.altKey || (event.target as Element).closest("[data-cell]") === null) return;
    const line = active.row - LINES_ABOVE;
    const bounds = { rows: height + LINES_ABOVE, columns: sheet.columns.length + 1, page: viewport.page };
    const next = (active.column === 0 ? opened(event.key, rows, sheet, line) : null) ?? moved(event, active, bounds);
    if (next === null) return;
    event.preventDefault();
    if (next !== "done") setActive(next);
  };
  const width = sheet.columns.reduce((sum, column) => sum + widthOf(column, sheet.changes), 0);
  return (
    <div
      ref={scroller}
      class={rows.stale ? "grid stale" : "grid"}
      role={sheet.isTree ? "treegrid" : "grid"}
      aria-label={label}
      aria-rowcount={rows.head === null ? -1 : height + LINES_ABOVE}
      aria-colcount={sheet.columns.length + 1}
      aria-busy={rows.stale || rows.head === null}
      style={{ "--tracks": tracksOf(sheet.columns, sheet.changes), "--figures": `${width}px`, "--row": `${ROW_HEIGHT}px` }}
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
          <LineAt key={line} sheet={sheet} rows={rows} line={line} active={activeIn(active, line + LINES_ABOVE)} />
        ))}
      </div>
    </div>
  );
}

interface LineAtProps {
  readonly sheet: Sheet;
  readonly rows: Rows;
  readonly line: number;
  readonly active: number | null;
}

function LineAt({ sheet, rows, line, active }: LineAtProps): JSX.Element | null {
  const slot = slotAt(rows.root, line);
  if (slot === undefined) return null;
  const { branch } = slot;
  return (
    <Line
      sheet={sheet}
      slot={slot}
      line={line}
      active={active}
      error={rows.errorOf(branch)}
      onRetry={() => rows.retry(branch)}
    />
  );
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
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${cellKey(shown.row, shown.column)}"]`);
    const target = cell ?? scroller.current?.querySelector<HTMLElement>(`[data-cell="${cellKey(shown.row, 0)}"]`);
    target?.closest(".cell")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    target?.focus({ preventScroll: true });
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
