import { type ComponentChildren, type JSX } from "preact";

interface PartProps {
  readonly title: string;
  readonly open?: boolean;
  readonly children: ComponentChildren;
}

/** A part of details that can be folded away. */
export function Part({ title, open = false, children }: PartProps): JSX.Element {
  return (
    <details class="part" open={open}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div>{children}</div>
    </details>
  );
}
