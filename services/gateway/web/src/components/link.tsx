import { type ComponentChildren, type JSX } from "preact";
import { navigate, staysHere } from "../state/location";

interface LinkProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string | undefined;
  /** In a table that moves the focus itself: whether Tab comes here, and by which key it is found. */
  readonly focus?: { readonly tabIndex: number; readonly "data-cell": string };
}

/** A link within the page: a real one, so that it can be copied and opened in a new tab. */
export function Link(props: LinkProps): JSX.Element {
  const { href, children, current = false, label, class: className, focus } = props;
  return (
    <a
      {...focus}
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
