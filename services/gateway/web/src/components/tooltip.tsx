import { type ComponentChildren, type JSX } from "preact";
import { useId } from "preact/hooks";

interface TooltipProps {
  readonly text: ComponentChildren;
  readonly children: ComponentChildren;
}

/** More about something, on pointing at it or on reaching it with the keyboard. */
export function Tooltip({ text, children }: TooltipProps): JSX.Element {
  const id = useId();
  return (
    <span class="tooltip" tabIndex={0} aria-describedby={id}>
      {children}
      <span role="tooltip" id={id}>
        {text}
      </span>
    </span>
  );
}
