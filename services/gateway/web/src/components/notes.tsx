import { type ComponentChildren, type JSX } from "preact";
import { ApiError, Unreachable } from "../api/errors";
import { Button } from "./button";

interface NoteProps {
  readonly kind?: "plain" | "warning" | "error";
  readonly children: ComponentChildren;
}

export function Note({ kind = "plain", children }: NoteProps): JSX.Element {
  return (
    <div class="note" data-kind={kind} role={kind === "error" ? "alert" : undefined}>
      <div>{children}</div>
    </div>
  );
}

interface ErrorNoteProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

/** What went wrong, in the API's own sentence, and the id under which an administrator finds it. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps): JSX.Element {
  // The frame of the page tells it once, in place of every part of it.
  if (error instanceof Unreachable && onRetry !== undefined) return <Empty title="Waiting for the connection" />;
  const id = error instanceof ApiError ? error.correlationId : "";
  return (
    <Note kind="error">
      <p>{sentenceOf(error)}</p>
      {id !== "" && (
        <p class="small muted">
          Correlation id: <code>{id}</code>
        </p>
      )}
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </Note>
  );
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong here.";
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** In the place of what is not there: why, and what to do. */
export function Empty({ title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <div>
        <p class="empty-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

interface SkeletonProps {
  readonly height: number;
  readonly width?: string;
}

/** Holds the place of what is on its way, of its size, so that nothing jumps. */
export function Skeleton({ height, width = "100%" }: SkeletonProps): JSX.Element {
  return <span class="skeleton" aria-hidden="true" style={{ height: `${height}px`, width }} />;
}

interface BadgeProps {
  readonly kind?: "plain" | "good" | "warning" | "bad";
  readonly children: ComponentChildren;
}

/** A state in a word. */
export function Badge({ kind = "plain", children }: BadgeProps): JSX.Element {
  return (
    <span class="badge" data-kind={kind}>
      {children}
    </span>
  );
}
