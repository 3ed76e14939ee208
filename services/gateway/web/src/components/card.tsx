import { type ComponentChildren, type JSX } from "preact";
import { useId } from "preact/hooks";
import { type Resource } from "../api/resource";
import { ErrorNote, Skeleton } from "./notes";

interface CardProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the title: what changes this part alone. */
  readonly controls?: ComponentChildren;
}

export function Card({ title, children, controls }: CardProps): JSX.Element {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {controls}
      </div>
      {children}
    </section>
  );
}

/** Of a card's body, below. */
const PADDING = 16;

interface LoadedProps<T> {
  readonly resource: Resource<T>;
  /** Of the whole content, with its padding: the place that is held while nothing is there. */
  readonly height: number;
  readonly children: (data: T) => ComponentChildren;
}

/** What was read, the place that it will take, or why it is not there. The old stays, paler, until the new is there. */
export function Loaded<T>({ resource, height, children }: LoadedProps<T>): JSX.Element {
  const { data, error, stale, reload } = resource;
  if (error !== null) return <div class="card-body"><ErrorNote error={error} onRetry={reload} /></div>;
  if (data === null) {
    return (
      <div class="card-body" aria-busy="true">
        <Skeleton height={height - PADDING} />
      </div>
    );
  }
  return (
    <div class={stale ? "stale" : undefined} aria-busy={stale}>
      {children(data)}
    </div>
  );
}
