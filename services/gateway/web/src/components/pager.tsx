import { type JSX } from "preact";
import { formatCount } from "../format/numbers";
import { Button } from "./button";

interface PagerProps {
  /** What is paged: “Pages of runs”. */
  readonly label: string;
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

/** Which part of a long list is seen, and the parts beside it. */
export function Pager({ label, page, pageSize, total, onPage }: PagerProps): JSX.Element {
  const last = Math.max(1, Math.ceil(total / pageSize));
  const first = (page - 1) * pageSize + 1;
  const shown = total === 0 ? "None" : `${formatCount(first)}–${formatCount(Math.min(total, page * pageSize))}`;
  return (
    <nav class="pager" aria-label={label}>
      <span class="muted small number" role="status">
        {page > last ? `Nothing on page ${page}` : shown} of {formatCount(total)}
      </span>
      {last > 1 || page > last ? (
        <span class="row">
          <Button square label="First page" disabled={page <= 1} onClick={() => onPage(1)}>
            «
          </Button>
          <Button square label="Page before" disabled={page <= 1} onClick={() => onPage(Math.min(last, page - 1))}>
            ‹
          </Button>
          <Button square label="Next page" disabled={page >= last} onClick={() => onPage(page + 1)}>
            ›
          </Button>
        </span>
      ) : null}
    </nav>
  );
}
