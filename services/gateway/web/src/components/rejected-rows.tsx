import { type JSX } from "preact";
import { formatCount } from "../format/numbers";
import { Table } from "./table";

export interface RejectedRow {
  readonly row_number: number | null;
  readonly raw?: unknown;
  readonly reasons: readonly (string | null)[];
}

/** Rows of a file that were not taken, each with every reason and its cells as they came. */
export function RejectedRows({ rows }: { readonly rows: readonly RejectedRow[] }): JSX.Element {
  return (
    <Table
      caption="Rejected rows"
      rows={rows}
      rowKey={(row) => `${row.row_number ?? ""} ${row.reasons.join(" ")}`}
      columns={[
        { key: "row", title: "Row", kind: "number", cell: (row) => formatCount(row.row_number) },
        { key: "reasons", title: "Why", cell: (row) => <Reasons reasons={row.reasons} /> },
        { key: "raw", title: "As it came", cell: (row) => <code class="cells">{cellsOf(row.raw)}</code> },
      ]}
    />
  );
}

function Reasons({ reasons }: { readonly reasons: RejectedRow["reasons"] }): JSX.Element {
  return (
    <ul class="reasons">
      {reasons.map((reason, index) => (
        <li key={index}>
          <bdi>{reason}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** The cells of a row, a bar between them; what is no list as it is. */
export function cellsOf(raw: unknown): string {
  if (Array.isArray(raw)) return raw.map((cell) => textIn(cell)).join(" │ ");
  if (typeof raw === "object" && raw !== null) {
    return Object.entries(raw)
      .map(([name, cell]) => `${name}: ${textIn(cell)}`)
      .join(" │ ");
  }
  return textIn(raw);
}

function textIn(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}
