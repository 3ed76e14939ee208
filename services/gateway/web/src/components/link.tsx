import { type ComponentChildren, type JSX } from "preact";
import { navigate, staysHere } from "../state/location";

interface LinkProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string | undefined;
}

/** A link within the page: a real one, so that it can be copied and opened in a new tab. */
export function Link({ href, children, current = false, label, class: className }: LinkProps): JSX.Element {
  return (
    <a
      href={href}
      class={className}
      aria-current={current ? "page" : undefined}
      aria-label={label}
      onClick={(event) => {
        if (!staysHere(event)) return;
        event.preventDefault();
        navigate(href);
      }}
    >
      {children}
    </a>
  );
}
