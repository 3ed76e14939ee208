import { type JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { Popup } from "../../components/popup";
import { type Column, chosenColumns, movedColumn, toggledColumn } from "./columns";
import { type ColumnName, STANDARD_COLUMNS } from "./state";

interface ColumnChooserProps {
  readonly chosen: readonly ColumnName[];
  readonly possible: readonly Column[];
  readonly changes: boolean;
  readonly onChoose: (columns: readonly ColumnName[]) => void;
  readonly onChanges: (changes: boolean) => void;
}

/** Which columns, and in which order. */
export function ColumnChooser(props: ColumnChooserProps): JSX.Element {
  const { chosen, possible, changes, onChoose, onChanges } = props;
  const shown = chosenColumns(chosen, possible);
  const others = possible.filter((column) => !chosen.includes(column.name));
  return (
    <Popup label={`Columns ${shown.length}`} button={`Columns ${shown.length}`} align="end">
      {() => (
        <div class="stack chooser">
          <fieldset>
            <legend>Shown, from left to right</legend>
            <ShownColumns shown={shown} {...props} />
          </fieldset>
          {others.length > 0 && (
            <fieldset>
              <legend>More</legend>
              {others.map((column) => (
                <Choice key={column.name} column={column} checked={false} chosen={chosen} onChoose={onChoose} />
              ))}
            </fieldset>
          )}
          <fieldset>
            <legend>Beside the figures</legend>
            <label class="option">
              <input type="checkbox" checked={changes} onChange={() => onChanges(!changes)} />
              Changes against the period before
            </label>
            <p class="muted small">Of campaigns and totals. They are not in exports.</p>
          </fieldset>
          <Button onClick={() => onChoose(STANDARD_COLUMNS)}>Usual columns</Button>
        </div>
      )}
    </Popup>
  );
}

interface ShownColumnsProps extends ColumnChooserProps {
  readonly shown: readonly Column[];
}

function ShownColumns({ shown, chosen, possible, onChoose }: ShownColumnsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const move = (column: Column, step: -1 | 1): void => {
    onChoose(movedColumn(chosen, column.name, step, possible));
    // The row moved away from under the finger: the focus goes with it.
    requestAnimationFrame(() => {
      const row = list.current?.querySelector(`[data-column="${column.name}"]`);
      const button = row?.querySelector<HTMLElement>(`button[data-step="${step}"]:enabled`);
      (button ?? row?.querySelector<HTMLElement>("button:enabled"))?.focus();
    });
  };
  return (
    <div ref={list}>
      {shown.map((column, index) => (
        <div key={column.name} class="chooser-row" data-column={column.name}>
          <Choice column={column} checked chosen={chosen} onChoose={onChoose} />
          <Step title={column.title} step={-1} disabled={index === 0} onMove={() => move(column, -1)} />
          <Step title={column.title} step={1} disabled={index === shown.length - 1} onMove={() => move(column, 1)} />
        </div>
      ))}
    </div>
  );
}

interface StepProps {
  readonly title: string;
  readonly step: -1 | 1;
  readonly disabled: boolean;
  readonly onMove: () => void;
}

function Step({ title, step, disabled, onMove }: StepProps): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      data-kind="quiet"
      data-square=""
      data-step={step}
      aria-label={`Move ${title} to the ${step < 0 ? "left" : "right"}`}
      disabled={disabled}
      onClick={onMove}
    >
      {step < 0 ? "↑" : "↓"}
    </button>
  );
}

interface ChoiceProps {
  readonly column: Column;
  readonly checked: boolean;
  readonly chosen: readonly ColumnName[];
  readonly onChoose: (columns: readonly ColumnName[]) => void;
}

function Choice({ column, checked, chosen, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label class="option">
      <input
        type="checkbox"
        checked={checked}
        disabled={checked && chosen.length === 1}
        onChange={() => onChoose(toggledColumn(chosen, column.name))}
      />
      {column.title}
    </label>
  );
}
