import { type JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Button } from "../../components/button";
import { Empty, ErrorNote, Skeleton } from "../../components/notes";
import { ExplainDialog } from "../../explain/dialog";
import { PageFrame } from "../../shell/frame";
import { type ScopeInUse, type ScopeQuery, useScope } from "../../shell/scope";
import { ScopeBar } from "../../shell/scope-bar";
import { place } from "../../state/location";
import { type View, useView } from "../../state/view";
import { Breadcrumbs } from "./breadcrumbs";
import { barScales, chosenColumns, possibleColumns } from "./columns";
import "./explorer.css";
import { Grid } from "./grid";
import { hrefAt, makeSheet } from "./make-sheet";
import { type Row } from "./pages";
import { type Preview, PreviewPopover } from "./preview";
import { canSearch, listAddress } from "./question";
import { useRows } from "./rows";
import { EXPLORER, LEVEL_TITLES, STANDARD_COLUMNS, rootLevel } from "./state";
import { Status } from "./status";
import { TableActions, Toolbar } from "./toolbar";

export default function Explorer(): JSX.Element {
  const view = useView(EXPLORER);
  const scope = useScope();
  return (
    <PageFrame title="Explorer" bar={<ScopeBar scope={withoutBelow(scope, view)} />}>
      <div class="explorer">
        <Content scope={scope} view={view} />
      </div>
      <ExplainDialog />
    </PageFrame>
  );
}

interface ContentProps {
  readonly scope: ScopeInUse;
  readonly view: View<typeof EXPLORER>;
}

function Content({ scope, view }: ContentProps): JSX.Element {
  const { clients, query } = scope;
  if (clients.error !== null) return <ErrorNote error={clients.error} onRetry={clients.reload} />;
  if (clients.data?.data.length === 0) {
    return (
      <Empty title="There is no client yet">
        <p>Campaigns appear here as soon as there is one with data.</p>
      </Empty>
    );
  }
  return query === null ? <Skeleton height={480} /> : <Explored query={query} view={view} />;
}

function Explored({ query, view }: { readonly query: ScopeQuery; readonly view: View<typeof EXPLORER> }): JSX.Element {
  const { state } = view;
  const [preview, setPreview] = useState<Preview | null>(null);
  const isTree = state.level === "tree";
  const level = rootLevel(state);
  const searched = canSearch(level, state) ? state.name : "";
  const question = { scope: query, level, parents: state, name: searched, sort: state.sort, order: state.order };
  const rows = useRows(question, isTree, state.open);
  const possible = possibleColumns(level, isTree, rows.head?.totals ?? null);
  const columns = chosenColumns(state.columns, possible);
  const scales = useMemo(
    () => barScales(rows.first, rows.head?.total ?? 0, state.sort, state.order),
    [rows.first, rows.head],
  );
  const address = listAddress(question, 1);
  const currency = rows.head?.currency ?? null;
  const onPreview = (row: Row, at: Element): void => setPreview({ row, at: at.getBoundingClientRect() });
  // Lines are drawn again when this is another one; all that it is made from is in the address and in the answer.
  const sheet = useMemo(
    () => makeSheet({ view, question, columns, scales, currency, onPreview }),
    [place.value.query.toString(), address, rows.head, scales],
  );
  const isWhole = searched.trim() === "" && state.strategy === null && state.placement === null;
  return (
    <>
      <Toolbar view={view} question={question}>
        <Status head={rows.head} level={rows.root.level} />
        <TableActions view={view} question={question} possible={possible} columns={columns} />
      </Toolbar>
      <Breadcrumbs parents={state} hrefAt={(above, id) => hrefAt(state, above, id)} />
      {rows.gap !== null && <ErrorNote error={rows.gap} onRetry={() => rows.retry()} />}
      {rows.error === null ? (
        <Grid
          label={LEVEL_TITLES[level]}
          sheet={sheet}
          rows={rows}
          changesOf={isWhole ? query : null}
          question={address}
        />
      ) : (
        <Failed error={rows.error} onRetry={() => rows.retry()} view={view} />
      )}
      {preview !== null && <PreviewPopover preview={preview} onClose={() => setPreview(null)} />}
    </>
  );
}

interface FailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly view: View<typeof EXPLORER>;
}

function Failed({ error, onRetry, view }: FailedProps): JSX.Element {
  const usual = {
    level: "tree", campaign: null, strategy: null, placement: null, name: "", open: [],
    columns: STANDARD_COLUMNS, sort: "spend", order: "desc", changes: false,
  } as const;
  return (
    <div class="stack">
      <ErrorNote error={error} onRetry={onRetry} />
      <p>
        <Button onClick={() => view.change(usual)}>Show the usual view</Button>
      </p>
    </div>
  );
}

/** Another client, source or campaign: what the rows were narrowed to below it is of something else. */
function withoutBelow(scope: ScopeInUse, view: View<typeof EXPLORER>): ScopeInUse {
  const gone = { strategy: null, placement: null, open: [] };
  return {
    ...scope,
    view: {
      state: scope.view.state,
      change: (changes, how) => {
        const narrows = "client" in changes || "source" in changes || "campaign" in changes;
        view.change(narrows ? { ...changes, ...gone } : changes, how);
      },
    },
  };
}
