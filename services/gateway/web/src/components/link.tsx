import { type ComponentChildren, type JSX } from "preact";
import { navigate, staysHere } from "../state/location";

interface LinkProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string | undefined;
  /** In a table that moves the focus by cells: not a stop for Tab. */
  readonly tabIndex?: number;
}

/** A link within the page: a real one, so that it can be copied and opened in a new tab. */
export function Link(props: LinkProps): JSX.Element {
  const { href, children, current = false, label, class: className, tabIndex } = props;
  return (
    <a
      href={href}
      class={className}
      tabIndex={tabIndex}
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
