import { type ComponentChildren, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Popup } from "./popup";

export interface MenuItem {
  readonly text: string;
  readonly onSelect: () => void;
  /** For a choice: whether it is the one. */
  readonly checked?: boolean;
}

interface MenuProps {
  readonly label: string;
  readonly button: ComponentChildren;
  readonly items: readonly MenuItem[];
  readonly align?: "start" | "end";
  /** Quiet: a picture alone. */
  readonly kind?: "plain" | "quiet";
}

/** Things to do. Arrow keys move, Home and End jump, Enter does it. */
export function Menu({ label, button, items, align = "start", kind = "plain" }: MenuProps): JSX.Element {
  return (
    <Popup label={label} button={button} kind={kind} align={align} haspopup="menu">
      {(close) => <Items label={label} items={items} close={close} />}
    </Popup>
  );
}

function Items({ label, items, close }: { label: string; items: readonly MenuItem[]; close: () => void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector("button")?.focus(), []);
  return (
    <div role="menu" aria-label={label} ref={list} onKeyDown={(event) => moveFocus(event, list.current)}>
      {items.map((item) => (
        <button
          key={item.text}
          type="button"
          class="option"
          role={item.checked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={item.checked}
          tabIndex={-1}
          onClick={() => {
            close();
            item.onSelect();
          }}
        >
          {item.text}
        </button>
      ))}
    </div>
  );
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const buttons = [...(list?.querySelectorAll("button") ?? [])];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % buttons.length,
    ArrowUp: (at - 1 + buttons.length) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  buttons[target]?.focus();
}
