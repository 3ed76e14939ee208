import { type JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Name } from "./name";
import { Popup } from "./popup";

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly detail?: string;
}

interface PickerProps {
  readonly label: string;
  readonly value: string | null;
  readonly choices: readonly Choice[];
  /** The choice of none, where that is one: “All campaigns”. */
  readonly none?: string;
  /** What is shown for a value that is not among the choices (yet). */
  readonly shown?: string | undefined;
  readonly onChoose: (value: string | null) => void;
  /** Where the choices are searched elsewhere: what was typed. Otherwise they are searched here. */
  readonly onSearch?: (typed: string) => void;
}

/** One of many, found by typing: a combobox in a popup. */
export function Picker(props: PickerProps): JSX.Element {
  const chosen = props.choices.find((choice) => choice.value === props.value);
  const shown = props.value === null ? (props.none ?? "Choose …") : (chosen?.text ?? props.shown ?? "…");
  return (
    <Popup label={`${props.label}: ${shown}`} haspopup="listbox" button={<Name text={shown} />}>
      {(close) => (
        <Search
          {...props}
          onChoose={(value) => {
            close();
            props.onChoose(value);
          }}
        />
      )}
    </Popup>
  );
}

function Search({ label, value, choices, none, onChoose, onSearch }: PickerProps): JSX.Element {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);
  const found = onSearch === undefined ? choices.filter(({ text }) => includes(text, typed)) : choices;
  const options: readonly (Choice | null)[] = none !== undefined && typed === "" ? [null, ...found] : found;
  const at = Math.min(active, options.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setActive(Math.max(0, Math.min(options.length - 1, at + step)));
    else if (event.key === "Enter" && at >= 0) onChoose(options[at]?.value ?? null);
    else return;
    event.preventDefault();
  };
  return (
    <div class="stack picker">
      <input
        ref={input}
        class="input"
        role="combobox"
        aria-label={`Search: ${label}`}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        placeholder="Search …"
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          onSearch?.(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label={label}>
        {options.map((choice, index) => (
          <div
            key={choice?.value ?? ""}
            id={`${id}-${index}`}
            class="option"
            role="option"
            data-active={index === at}
            aria-selected={(choice?.value ?? null) === value}
            // The focus would go to what is around the popup, which closes when it is left.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(choice?.value ?? null)}
          >
            {choice === null ? none : <Name text={choice.text} />}
            {choice?.detail !== undefined && <span class="muted small">{choice.detail}</span>}
          </div>
        ))}
      </div>
      {options.length === 0 && <p class="muted small">Nothing has this name.</p>}
    </div>
  );
}

function includes(text: string, typed: string): boolean {
  return text.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase());
}
