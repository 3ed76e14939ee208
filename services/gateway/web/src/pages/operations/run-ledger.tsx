import { type JSX } from "preact";
import { Figure } from "../../components/figure";
import { Pager } from "../../components/pager";
import { Part } from "../../components/part";
import { type Column, Table } from "../../components/table";
import { formatDay } from "../../format/dates";
import { NOTHING, formatCount } from "../../format/numbers";
import { useCurrencies } from "../../shell/client-filter";
import { type Entry, type Measure, amountsIn, measuresOf } from "./ledger";
import { type RunDetails } from "./run-drawer";
import { plain } from "./words";

/** Of the ledger, as the API pages it. */
const PAGE_SIZE = 1_000;

interface RunLedgerProps {
  readonly run: RunDetails;
  readonly onPage: (page: number) => void;
}

/** What the run changed: for each day the totals before and after. */
export function RunLedger({ run, onPage }: RunLedgerProps): JSX.Element | null {
  const currency = useCurrencies()(run.client_id);
  const total = run.ledger_total ?? run.ledger.length;
  if (total === 0) return null;
  const entries: Entry[] = run.ledger.map((line) => ({
    date: line.date ?? "",
    account: line.account ?? "",
    kind: line.kind ?? "",
    at: line.at,
    before: amountsIn(line.totals_before),
    after: amountsIn(line.totals_after),
  }));
  const measures = measuresOf(entries).map(
    (measure): Column<Entry> => ({
      key: measure.name,
      title: measure.label,
      kind: "number",
      cell: (entry) => <BeforeAfter measure={measure} entry={entry} currency={currency} />,
    }),
  );
  return (
    <Part title={`Ledger: what it changed, by day (${formatCount(total)})`} open>
      <Table
        caption="Ledger"
        rows={entries}
        rowKey={(entry) => `${entry.date} ${entry.account} ${entry.kind} ${entry.at ?? ""}`}
        columns={[
          { key: "date", title: "Day", cell: (entry) => <span class="nowrap">{formatDay(entry.date)}</span> },
          { key: "kind", title: "By", cell: (entry) => plain(entry.kind) },
          ...measures,
        ]}
      />
      {total > PAGE_SIZE && (
        <Pager
          label="Pages of the ledger"
          page={run.ledger_page ?? 1}
          pageSize={PAGE_SIZE}
          total={total}
          onPage={onPage}
        />
      )}
    </Part>
  );
}

interface BeforeAfterProps {
  readonly measure: Measure;
  readonly entry: Entry;
  readonly currency: string | null;
}

/** What was over what is; once where nothing changed. */
function BeforeAfter({ measure, entry, currency }: BeforeAfterProps): JSX.Element {
  const [before, after] = [entry.before[measure.name], entry.after[measure.name]];
  const shown = (value: number | undefined): JSX.Element => {
    if (measure.metric !== null) return <Figure metric={measure.metric} value={value} currency={currency} />;
    return value === undefined ? <>{NOTHING}</> : <data value={String(value)}>{formatCount(value)}</data>;
  };
  if (before === after) return shown(after);
  return (
    <>
      <span class="muted small was">
        <span class="visually-hidden">before: </span>
        {shown(before)}
      </span>
      <span>
        <span class="visually-hidden">after: </span>
        {shown(after)}
      </span>
    </>
  );
}
