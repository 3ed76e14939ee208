import { type ComponentChildren, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Caret } from "./icons";

interface PopupProps {
  readonly label: string;
  /** What the button shows. */
  readonly button: ComponentChildren;
  readonly kind?: "plain" | "quiet";
  readonly align?: "start" | "end";
  readonly haspopup?: "menu" | "dialog" | "listbox";
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens something below it; Escape, a click elsewhere and leaving by Tab close it. */
export function Popup(props: PopupProps): JSX.Element {
  const { label, button, kind = "plain", align = "start", haspopup = "dialog", children } = props;
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event): void => {
      if (root.current !== null && !root.current.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  return (
    <div
      class="anchor"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        // A dialog around it stays open.
        event.preventDefault();
        close();
      }}
    >
      <button
        ref={opener}
        type="button"
        class="button"
        data-kind={kind}
        aria-label={label}
        aria-expanded={open}
        aria-haspopup={haspopup}
        onClick={() => setOpen(!open)}
      >
        {button}
        {kind === "plain" && <Caret />}
      </button>
      {open && (
        <div
          ref={keptInside}
          class="popup"
          data-align={align}
          role={haspopup === "dialog" ? "dialog" : undefined}
          aria-label={label}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

/** No popup is wider; what is in it may come later. */
const MOST_WIDTH = 460;

/** Where it might stick out of the page on the right, and has more room on the left, it goes there. */
function keptInside(popup: HTMLDivElement | null): void {
  const anchor = popup?.parentElement?.getBoundingClientRect();
  const page = popup?.closest(".main");
  if (popup === null || anchor === undefined || page === null || page === undefined) return;
  const { left } = page.getBoundingClientRect();
  const [onRight, onLeft] = [left + page.clientWidth - anchor.left, anchor.right - left];
  if (onRight < MOST_WIDTH && onLeft > onRight) popup.dataset.align = "end";
}
