import { type JSX } from "preact";

/** A name from a file or a person: text, isolated from the direction of what surrounds it, cut where it is too long. */
export function Name({ text }: { readonly text: string }): JSX.Element {
  return (
    <bdi class="name" title={text}>
      {text === "" ? "(no name)" : text}
    </bdi>
  );
}
