import { type JSX } from "preact";
import { ApiError } from "../../api/errors";
import { ErrorNote } from "../../components/notes";
import { Part } from "../../components/part";

/** Why a file was not taken: the sentence, and which columns are meant. */
export function Refusal({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): JSX.Element {
  const details = error instanceof ApiError ? error.details : {};
  // What is wrong with the file or the form stays wrong when it is sent again as it is.
  const isFinal = error instanceof ApiError && error.status >= 400 && error.status < 429;
  return (
    <div class="stack">
      <ErrorNote error={error} onRetry={isFinal ? undefined : onRetry} />
      <Columns title="Columns of the file" names={namesIn(details.found)} />
    </div>
  );
}

function Columns({ title, names }: { readonly title: string; readonly names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null;
  return (
    <Part title={title}>
      <ul class="name-list">
        {names.map((name, index) => (
          <li key={index}>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function namesIn(found: unknown): readonly string[] {
  return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
}
