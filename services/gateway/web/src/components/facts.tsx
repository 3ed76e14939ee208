import { type ComponentChildren, type JSX } from "preact";

export type Fact = readonly [name: string, value: ComponentChildren];

/** What is known of one thing: names and values. Null leaves one out. */
export function Facts({ facts }: { readonly facts: readonly (Fact | null)[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts
        .filter((fact) => fact !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
