import { type JSX } from "preact";
import { formatCount } from "../format/numbers";
import { Button } from "./button";

interface PagerProps {
  /** What is counted, in the plural: “clients”. */
  readonly of: string;
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly onPage: (page: number) => void;
}

/** Which rows of how many are seen, and the way to the others. */
export function Pager({ of, total, page, size, onPage }: PagerProps): JSX.Element {
  const first = Math.min(total, (page - 1) * size + 1);
  const last = Math.min(total, page * size);
  return (
    <div class="pager row">
      <span class="muted small" aria-live="polite">
        {total <= size && page === 1
          ? `${formatCount(total)} ${of}`
          : `${formatCount(first)}–${formatCount(last)} of ${formatCount(total)} ${of}`}
      </span>
      {(total > size || page > 1) && (
        <>
          <Button kind="quiet" label="Page before" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            ‹
          </Button>
          <Button kind="quiet" label="Next page" disabled={last >= total} onClick={() => onPage(page + 1)}>
            ›
          </Button>
        </>
      )}
    </div>
  );
}
