import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { type Resource, useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Empty, Skeleton } from "../../components/notes";
import { formatCount } from "../../format/numbers";
import { WhoseFilter } from "./filters";
import { RunsTable } from "./runs-table";
import { type OperationsView, type RunStatus, hrefTo, onTab } from "./state";

const SHOWN = 15;

interface Kind {
  readonly status: RunStatus;
  readonly title: string;
  readonly about: string;
  readonly none: string;
  readonly sort?: "rows_rejected";
}

const KINDS: readonly Kind[] = [
  {
    status: "held",
    title: "Held runs",
    about: "They would remove more than half of a day's rows or impressions. Confirm one where that is right.",
    none: "No run waits for a confirmation",
  },
  {
    status: "failed",
    title: "Failed runs",
    about: "Nothing of them is loaded. Reload one when its cause is gone, or note what was done about it.",
    none: "No run failed",
  },
  {
    status: "missing_file",
    title: "Files that did not come",
    about: "They were due. A day whose file comes later is loaded by itself.",
    none: "Every file came",
  },
  {
    status: "partial",
    title: "Rejected rows",
    about: "The good rows of these files stand; the bad ones are kept with their cells and every reason.",
    none: "No row was rejected",
    sort: "rows_rejected",
  },
];

type Runs = Resource<Answer<"/admin/ingestion-logs">>;

/** What did not become figures, and waits for somebody. */
export function Quarantine({ view }: { readonly view: OperationsView }): JSX.Element {
  // Always the same ones, in the same order.
  const found = KINDS.map((kind) => ({ kind, runs: useRuns(kind, view) }));
  const isThere = found.every(({ runs }) => runs.data !== null || runs.error !== null);
  return (
    <div class="stack quarantine">
      <div class="filters filters-bare">
        <WhoseFilter view={view} />
      </div>
      {isThere ? (
        found.map(({ kind, runs }) => <OfKind key={kind.status} kind={kind} runs={runs} view={view} />)
      ) : (
        // All at once: one that came later would push the others down.
        <div aria-busy="true">
          <Skeleton height={640} />
        </div>
      )}
    </div>
  );
}

function useRuns(kind: Kind, { state }: OperationsView): Runs {
  return useResource("/admin/ingestion-logs", {
    query: {
      status: kind.status,
      client_id: state.client,
      source: state.source,
      page_size: SHOWN,
      ...(kind.sort === undefined ? {} : { sort_by: kind.sort, order: "desc" }),
    },
  });
}

interface OfKindProps {
  readonly kind: Kind;
  readonly runs: Runs;
  readonly view: OperationsView;
}

function OfKind({ kind, runs, view: { state } }: OfKindProps): JSX.Element {
  return (
    <Card title={kind.title} controls={<p class="muted small">{kind.about}</p>}>
      <Loaded resource={runs} height={110}>
        {({ data, total }) =>
          data.length === 0 ? (
            <Empty title={kind.none} />
          ) : (
            <>
              <RunsTable rows={data} state={state} showsReason caption={`List: ${kind.title}`} />
              {(total ?? 0) > data.length && (
                <p class="card-more">
                  <Link href={hrefTo(state, onTab("runs", { status: kind.status, from: null, to: null }))}>
                    All {formatCount(total)}
                  </Link>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
