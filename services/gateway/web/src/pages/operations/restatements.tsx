import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { DayFilter } from "../../components/day-filter";
import { Figure } from "../../components/figure";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { Table } from "../../components/table";
import { formatDay, formatMoment } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useCurrencies } from "../../shell/client-filter";
import { MaybeSelect, WhoseFilter } from "./filters";
import { type Restated, causeOf, restatedIn, whenBoth } from "./restated";
import { type OperationsState, type OperationsView, hrefTo } from "./state";
import { SourceName } from "./status";
import { fileName, plain } from "./words";

type Restatement = Answer<"/admin/restatements">["data"][number];

const PAGE_SIZE = 25;

/** Numbers that stood and became others: from when to when, and which file did it. */
export function Restatements({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const found = useResource("/admin/restatements", {
    query: {
      client_id: state.client,
      source: state.source,
      kind: state.kind,
      start_date: state.from,
      end_date: state.to,
      page: state.page,
      page_size: PAGE_SIZE,
    },
  });
  return (
    <Card title="Numbers that changed">
      <div class="filters">
        <WhoseFilter view={view} />
        <MaybeSelect
          label="Changed by"
          all="Changed by anything"
          value={state.kind}
          options={[
            ["load", "A delivery"],
            ["undo", "An undo"],
            ["repricing", "A rate"],
            ["deletion", "A deletion"],
          ]}
          onChange={(kind) => change({ kind, page: 1 })}
        />
        <DayFilter start={state.from} end={state.to} onChange={(days) => change({ ...days, page: 1 })} />
      </div>
      <Loaded resource={found} height={420}>
        {({ data, total, page, page_size: size }) =>
          data.length === 0 && total === 0 ? (
            <Empty title="No number changed after it had been told" />
          ) : (
            <>
              <Rows rows={data} state={state} />
              <Pager
                label="Pages of restatements"
                page={page ?? 1}
                pageSize={size ?? PAGE_SIZE}
                total={total ?? data.length}
                onPage={(to) => change({ page: to })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

interface RowsProps {
  readonly rows: readonly Restatement[];
  readonly state: OperationsState;
}

function Rows({ rows, state }: RowsProps): JSX.Element {
  const currencyOf = useCurrencies();
  return (
    <Table
      caption="List of restatements"
      rows={rows}
      rowKey={(row) => String(row.id)}
      columns={[
        { key: "day", title: "Figures of", cell: (row) => <span class="nowrap">{formatDay(row.date)}</span> },
        { key: "client", title: "Client", cell: (row) => <Name text={row.client_name ?? ""} /> },
        { key: "source", title: "Source", cell: (row) => <SourceName source={row.source} /> },
        {
          key: "said",
          title: "What changed",
          cell: (row) => <Sentences row={row} currency={currencyOf(row.client_id)} />,
        },
        { key: "by", title: "By", cell: (row) => <Cause row={row} state={state} /> },
        { key: "when", title: "When", cell: (row) => <span class="nowrap">{formatMoment(row.changed_at)}</span> },
      ]}
    />
  );
}

/** “Conversions: 41 on Monday, 47 today”, for each number. */
function Sentences({ row, currency }: { readonly row: Restatement; readonly currency: string | null }): JSX.Element {
  const when = whenBoth(row.earlier?.changed_at ?? null, row.changed_at ?? "");
  return (
    <ul class="reasons sentences">
      {restatedIn(row.changes).map((each) => (
        <li key={each.name}>
          <span class="muted">{each.metric?.label ?? plain(each.name)}: </span>
          <Amount of={each} value={each.before} currency={currency} /> {when.earlier},{" "}
          <strong>
            <Amount of={each} value={each.after} currency={currency} />
          </strong>{" "}
          {when.later}
        </li>
      ))}
    </ul>
  );
}

interface AmountProps {
  readonly of: Restated;
  readonly value: number | null;
  readonly currency: string | null;
}

function Amount({ of, value, currency }: AmountProps): JSX.Element {
  if (of.metric !== null) return <Figure metric={of.metric} value={value} currency={currency} />;
  return <data value={String(value)}>{formatCount(value)}</data>;
}

function Cause({ row, state }: { readonly row: Restatement; readonly state: OperationsState }): JSX.Element {
  const cause = row.kind === "load" ? (fileName(row.file) ?? causeOf(row.kind)) : causeOf(row.kind);
  const earlier = row.earlier?.run_id ?? null;
  return (
    <span class="causes">
      {row.run_id === null ? (
        <span>{plain(cause)}</span>
      ) : (
        <Link href={hrefTo(state, { run: row.run_id })}>
          <Name text={row.kind === "load" ? cause : plain(cause)} />
        </Link>
      )}
      {earlier !== null && (
        <Link href={hrefTo(state, { run: earlier })} class="small">
          What stood before
        </Link>
      )}
    </span>
  );
}
