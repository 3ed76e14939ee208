/** A list on the server of which only the pages in view are read. */
import { isAborted } from "../../api/errors";

/** A row of a list: names, ids and figures, as the API sends them. */
export type Row = Readonly<Record<string, unknown>>;

export interface ListAnswer {
  readonly total: number;
  readonly data: readonly Row[];
  readonly totals: Row;
  readonly currency: string | null;
  readonly maturity: { readonly status: string | null; readonly provisional_from: string | null };
  readonly data_version: number | null;
}

export type ReadPage = (page: number, signal: AbortSignal) => Promise<ListAnswer>;

interface Options {
  readonly pageSize: number;
  readonly read: ReadPage;
  /** Something is there that was not before, or failed. */
  readonly changed: () => void;
  /** How long rows stay in view before they are asked for while somebody scrolls: what is passed by costs nothing. */
  readonly settleMs?: number;
  /** How many pages are kept. */
  readonly most?: number;
}

export class PagedList {
  /** The newest answer: what it says of the whole list. */
  head: ListAnswer | null = null;
  error: unknown = null;
  private readonly pages = new Map<number, readonly Row[]>();
  private readonly flights = new Map<number, AbortController>();
  private wanted: readonly number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private movedAt = 0;

  constructor(private readonly options: Options) {}

  get total(): number | null {
    return this.head?.total ?? null;
  }

  rowAt(index: number): Row | undefined {
    const size = this.options.pageSize;
    return this.pages.get(Math.floor(index / size))?.[index % size];
  }

  /** The rows that are here, with their places. */
  *rows(): Generator<readonly [index: number, row: Row]> {
    for (const [page, rows] of this.pages) {
      for (const [at, row] of rows.entries()) yield [page * this.options.pageSize + at, row];
    }
  }

  /** The first page, where it is here: what bars are measured by. */
  get first(): readonly Row[] {
    return this.pages.get(0) ?? [];
  }

  get isWanted(): boolean {
    return this.wanted.length > 0;
  }

  /** These rows are in view, and no others: gives up what is under way for others. */
  want(first: number, last: number): void {
    const wanted = this.pagesOf(first, last);
    for (const [page, flight] of this.flights) {
      if (wanted.includes(page)) continue;
      this.flights.delete(page);
      flight.abort();
    }
    if (wanted.join(",") === this.wanted.join(",")) return;
    this.wanted = wanted;
    clearTimeout(this.timer);
    const settle = this.options.settleMs ?? 60;
    const isJump = Date.now() - this.movedAt > 2 * settle;
    this.movedAt = Date.now();
    if (this.missing().length === 0) return;
    // A jump is one movement: what is in view after it stays there.
    if (this.head === null || isJump) this.begin();
    else this.timer = setTimeout(() => this.begin(), settle);
  }

  /** None of its rows are in view. */
  rest(): void {
    this.wanted = [];
    clearTimeout(this.timer);
    for (const flight of this.flights.values()) flight.abort();
    this.flights.clear();
  }

  retry(): void {
    this.error = null;
    this.begin();
    this.options.changed();
  }

  private missing(): readonly number[] {
    return this.wanted.filter((page) => !this.pages.has(page) && !this.flights.has(page));
  }

  private pagesOf(first: number, last: number): readonly number[] {
    const size = this.options.pageSize;
    const end = this.total === null ? 0 : Math.max(0, this.total - 1);
    const from = Math.floor(Math.min(first, end) / size);
    const to = Math.floor(Math.min(last, end) / size);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }

  private begin(): void {
    if (this.error !== null) return;
    for (const page of this.missing()) void this.load(page);
  }

  private async load(page: number): Promise<void> {
    const flight = new AbortController();
    this.flights.set(page, flight);
    try {
      const answer = await this.options.read(page + 1, flight.signal);
      if (this.flights.get(page) !== flight) return;
      this.flights.delete(page);
      this.keep(page, answer);
    } catch (error) {
      if (this.flights.get(page) !== flight) return;
      this.flights.delete(page);
      if (isAborted(error)) return;
      this.error = error;
    }
    this.options.changed();
  }

  private keep(page: number, answer: ListAnswer): void {
    // Rows of two states of the data must not stand beside each other: places and totals moved.
    const moved = this.head !== null && this.head.data_version !== answer.data_version;
    if (moved) this.pages.clear();
    this.head = answer;
    this.pages.delete(page);
    this.pages.set(page, answer.data);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= (this.options.most ?? 60)) break;
      if (!this.wanted.includes(old)) this.pages.delete(old);
    }
    if (moved) this.begin();
  }
}
