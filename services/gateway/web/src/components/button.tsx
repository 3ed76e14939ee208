import { type ComponentChildren, type JSX } from "preact";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "plain" | "primary" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  /** Work is under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean;
  /** For a button that shows a picture alone. */
  readonly label?: string;
  readonly square?: boolean;
  readonly onClick?: (event: MouseEvent) => void;
}

export function Button(props: ButtonProps): JSX.Element {
  const { children, kind = "plain", type = "button", disabled = false, busy = false, label, square, onClick } = props;
  return (
    <button
      class="button"
      data-kind={kind}
      data-square={square === true ? "" : undefined}
      type={type}
      disabled={disabled}
      // Not disabled: it would lose the focus, and whoever pressed it their place.
      aria-disabled={busy ? true : undefined}
      aria-busy={busy}
      aria-label={label}
      title={label}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
