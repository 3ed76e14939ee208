import { type ComponentChildren, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Segments } from "../../components/select";
import { type View } from "../../state/view";
import { type ScopeQuery } from "../../shell/scope";
import { ColumnChooser } from "./column-chooser";
import { type Column } from "./columns";
import { ExportMenu } from "./export-menu";
import { PlacementPicker, StrategyPicker } from "./parent-picker";
import { type Question, canSearch } from "./question";
import { type EXPLORER, LEVELS, LEVEL_TITLES, PLURALS, asLevel, isBelow, narrowedTo } from "./state";

const TYPING_MS = 180;

interface ToolbarProps {
  readonly view: View<typeof EXPLORER>;
  readonly question: Question;
}

interface BarProps extends ToolbarProps {
  /** At its end: how much there is, and what can be done with it. */
  readonly children: ComponentChildren;
}

interface ActionsProps extends ToolbarProps {
  readonly possible: readonly Column[];
  readonly columns: readonly Column[];
}

/** Which rows the table shows. */
export function Toolbar({ view, question, children }: BarProps): JSX.Element {
  const { state, change } = view;
  return (
    <div class="toolbar">
      <Segments
        label="Rows"
        value={state.level}
        options={[["tree", "Hierarchy"], ...LEVELS.map((level) => [level, LEVEL_TITLES[level]] as const)]}
        onChange={(level) => change(asLevel(state, level))}
      />
      <ParentPickers view={view} scope={question.scope} />
      {canSearch(question.level, question.parents) && (
        <Search
          key={question.level}
          label={`Search ${PLURALS[question.level]}`}
          value={state.name}
          onSearch={(name) => change({ name, open: [] }, { replace: true })}
        />
      )}
      <div class="explorer-end">{children}</div>
    </div>
  );
}

/** Which columns there are, and the file of it all. */
export function TableActions({ view, question, possible, columns }: ActionsProps): JSX.Element {
  const { state, change } = view;
  return (
    <>
      <ColumnChooser
        chosen={state.columns}
        possible={possible}
        changes={state.changes}
        onChoose={(chosen) => change({ columns: chosen }, { replace: true })}
        onChanges={(changes) => change({ changes }, { replace: true })}
      />
      <ExportMenu question={question} columns={columns} />
    </>
  );
}

interface ParentPickersProps {
  readonly view: ToolbarProps["view"];
  readonly scope: ScopeQuery;
}

/** What lies above a flat list and can narrow it. */
function ParentPickers({ view, scope }: ParentPickersProps): JSX.Element | null {
  const { state, change } = view;
  if (state.level === "tree") return null;
  return (
    <>
      {isBelow(state.level, "strategy") && (
        <StrategyPicker
          scope={scope}
          parents={state}
          onChoose={(id) => change({ ...narrowedTo(state, "strategy", id), name: "" })}
        />
      )}
      {isBelow(state.level, "placement") && (
        <PlacementPicker
          scope={scope}
          parents={state}
          onChoose={(id) => change({ ...narrowedTo(state, "placement", id), name: "" })}
        />
      )}
    </>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (name: string) => void;
}

/** Asks when somebody stops typing, not for each letter. */
function Search({ label, value, onSearch }: SearchProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      class="input bar-control search"
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={255}
      value={typed}
      onInput={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onSearch(next), TYPING_MS);
      }}
    />
  );
}
