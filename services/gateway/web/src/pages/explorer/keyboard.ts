/** Moving through the grid with the keyboard, as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has it. */

export interface Cell {
  /** 0: the head, 1: the totals, then the rows. */
  readonly row: number;
  readonly column: number;
}

export interface Bounds {
  readonly rows: number;
  readonly columns: number;
  /** Rows in view. */
  readonly page: number;
}

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key leads; null: it is none of these keys. */
export function moved(press: Press, from: Cell, bounds: Bounds): Cell | null {
  const target = targetOf(press, from, bounds);
  if (target === null) return null;
  return {
    row: Math.max(0, Math.min(bounds.rows - 1, target.row)),
    column: Math.max(0, Math.min(bounds.columns - 1, target.column)),
  };
}

function targetOf({ key, ctrlKey, metaKey }: Press, { row, column }: Cell, bounds: Bounds): Cell | null {
  const far = ctrlKey || metaKey;
  switch (key) {
    case "ArrowUp":
      return { row: row - 1, column };
    case "ArrowDown":
      return { row: row + 1, column };
    case "ArrowLeft":
      return { row, column: column - 1 };
    case "ArrowRight":
      return { row, column: column + 1 };
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? bounds.rows - 1 : row, column: bounds.columns - 1 };
    case "PageUp":
      return { row: row - bounds.page, column };
    case "PageDown":
      return { row: row + bounds.page, column };
    default:
      return null;
  }
}
