import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Select } from "../../components/select";
import { TextArea } from "../../components/text-area";
import { COLUMN_FIELDS, type Column, type ColumnField } from "./source-draft";

interface ColumnsProps {
  readonly columns: readonly Column[];
  readonly onChange: (columns: readonly Column[]) => void;
}

/** Titles that this client's files have for columns, where they are not among those that are known. */
export function Columns({ columns, onChange }: ColumnsProps): JSX.Element {
  const free = COLUMN_FIELDS.filter((field) => columns.every((column) => column.field !== field));
  const put = (next: Column): void => onChange(columns.map((column) => (column.field === next.field ? next : column)));
  return (
    <fieldset class="field">
      <legend>Columns</legend>
      <p class="muted small">Only where the titles in this client's files are others than the usual ones.</p>
      {columns.map((column) => (
        <OneColumn
          key={column.field}
          column={column}
          onChange={put}
          onRemove={() => onChange(columns.filter((each) => each !== column))}
        />
      ))}
      {free.length > 0 && (
        <div class="row">
          <Select
            inBar
            label="Another column"
            value=""
            options={[["", "Another column …"], ...free.map((field) => [field, columnName(field)] as const)]}
            onChange={(field) => field !== "" && onChange([...columns, { field, isThere: true, titles: "" }])}
          />
        </div>
      )}
    </fieldset>
  );
}

interface OneColumnProps {
  readonly column: Column;
  readonly onChange: (column: Column) => void;
  readonly onRemove: () => void;
}

function OneColumn({ column, onChange, onRemove }: OneColumnProps): JSX.Element {
  const name = columnName(column.field);
  return (
    <div class="column-line">
      <Select
        label={name}
        value={column.isThere ? "titles" : "none"}
        options={[
          ["titles", "Has these titles"],
          ["none", "Is not in the files"],
        ]}
        onChange={(kind) => onChange({ ...column, isThere: kind === "titles" })}
      />
      {column.isThere ? (
        <TextArea
          label={`Titles of ${name}`}
          rows={Math.max(1, column.titles.split("\n").length)}
          value={column.titles}
          onInput={(titles) => onChange({ ...column, titles })}
          hint="One a line; the first that a file has counts"
        />
      ) : (
        <p class="muted small">Its values count as not measured.</p>
      )}
      <Button kind="quiet" label={`${name} as usual again`} onClick={onRemove}>
        As usual
      </Button>
    </div>
  );
}

function columnName(field: ColumnField): string {
  const words = field.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
