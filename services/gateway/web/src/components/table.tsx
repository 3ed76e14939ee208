import { type ComponentChildren, type JSX } from "preact";

export interface Column<Row> {
  readonly key: string;
  readonly title: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  readonly total?: ComponentChildren;
  /** `wide`: takes what is left and is cut; `reason`: sentences. */
  readonly kind?: "number" | "wide" | "reason";
  /** Undefined: rows cannot be sorted by it. */
  readonly sorted?: "ascending" | "descending" | "none" | undefined;
  readonly onSort?: () => void;
}

interface TableProps<Row> {
  /** What the table is about: heard, not seen. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly hasTotals?: boolean;
}

/** A table of a few hundred rows at most; more need virtual rows. */
export function Table<Row>({ caption, columns, rows, rowKey, hasTotals = false }: TableProps<Row>): JSX.Element {
  return (
    // Whoever has no mouse scrolls it with the arrow keys.
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} class={column.kind}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {hasTotals && (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.key} class={column.kind}>
                  {column.total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Head<Row>({ column }: { readonly column: Column<Row> }): JSX.Element {
  const { title, sorted, onSort, kind } = column;
  return (
    <th scope="col" class={kind} aria-sort={sorted}>
      {onSort === undefined ? (
        title
      ) : (
        <button type="button" class="sort" onClick={onSort}>
          {title}
          <span aria-hidden="true">{sorted === "ascending" ? " ↑" : sorted === "descending" ? " ↓" : ""}</span>
        </button>
      )}
    </th>
  );
}
