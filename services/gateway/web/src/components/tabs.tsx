import { type ComponentChildren, type JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly tabs: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
  /** What the chosen tab shows. */
  readonly children: ComponentChildren;
}

/** Parts of a page of which one is seen. Arrow keys move between them. */
export function Tabs<T extends string>({ label, value, tabs, onChange, children }: TabsProps<T>): JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone not all tabs fit: the chosen one is seen.
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = (tabs.findIndex(([each]) => each === value) + step + tabs.length) % tabs.length;
    const next = tabs[at];
    if (next !== undefined) onChange(next[0]);
    list.current?.querySelectorAll("button")[at]?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(([each, text]) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`${id}-${each}`}
            aria-selected={each === value}
            aria-controls={`${id}-panel`}
            tabIndex={each === value ? 0 : -1}
            onClick={() => onChange(each)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </div>
  );
}
