import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useAction } from "../api/action";
import { type Answer, request } from "../api/client";
import { ApiError } from "../api/errors";
import { invalidate, useResource } from "../api/resource";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Link } from "../components/link";
import { Name } from "../components/name";
import { ErrorNote, Skeleton } from "../components/notes";
import { Popup } from "../components/popup";
import { toast, toastError } from "../components/toast";
import { pageAt } from "../pages/routes";
import { place } from "../state/location";
import { hrefOfView, isShown, stateOf } from "../state/saved-views";

type SavedView = Answer<"/views">["data"][number];
/** The API keeps 200 of a person. */
const MOST = 200;

/** Views of one's own, by name: to open, to save the one that is seen, to delete. */
export function SavedViews(): JSX.Element {
  return (
    <Popup label="Saved views" button="Views" align="end">
      {(close) => <Views close={close} />}
    </Popup>
  );
}

function Views({ close }: { readonly close: () => void }): JSX.Element {
  const found = useResource("/views", { query: { page_size: MOST } });
  const views = found.data?.data ?? [];
  const root = useRef<HTMLDivElement>(null);
  return (
    <div class="views stack" ref={root} tabIndex={-1}>
      {found.error !== null && <ErrorNote error={found.error} onRetry={found.reload} />}
      {found.loading && <Skeleton height={64} />}
      {found.data !== null && views.length === 0 && (
        <p class="muted">None yet. A view is saved with its client, dates, filters and columns.</p>
      )}
      {views.length > 0 && (
        <ul aria-label="Your views">
          {views.map((view) => (
            <OneView key={view.id} view={view} close={close} onDeleted={() => root.current?.focus()} />
          ))}
        </ul>
      )}
      {found.data !== null && <SaveView views={views} />}
    </div>
  );
}

interface OneViewProps {
  readonly view: SavedView;
  readonly close: () => void;
  /** Its button goes with it: the focus needs another place, or Escape would not close the list. */
  readonly onDeleted: () => void;
}

function OneView({ view, close, onDeleted }: OneViewProps): JSX.Element {
  const href = hrefOfView(view.state, (path) => pageAt(path) !== null);
  const name = view.name ?? "";
  const remove = async (): Promise<void> => {
    try {
      await request("delete", "/views/{view_id}", { at: { view_id: view.id ?? "" } });
      onDeleted();
      toast("The view is deleted.");
    } catch (error) {
      toastError(error);
    }
    invalidate("/views");
  };
  return (
    <li class="view-line">
      {href === null ? (
        <span class="option muted" title="Saved by a program: not a view of this page">
          <Name text={name} />
        </span>
      ) : (
        <span class="view-link" onClick={close}>
          <Link class="option" href={href} current={isShown(href, place.value)}>
            <Name text={name} />
            <span class="muted small">{pageAt(href.split("?")[0] ?? "")?.title}</span>
          </Link>
        </span>
      )}
      <Button kind="quiet" square label={`Delete the view ${name}`} onClick={() => void remove()}>
        ×
      </Button>
    </li>
  );
}

/** One of the same name gives way: the API does not overwrite. */
function SaveView({ views }: { readonly views: readonly SavedView[] }): JSX.Element {
  const [name, setName] = useState("");
  const same = views.find((view) => view.name === name.trim());
  const action = useAction(async (key) => {
    if (same !== undefined) await giveWay(same);
    await request("post", "/views", {
      body: { name: name.trim(), state: { ...stateOf(place.peek()) } },
      idempotencyKey: key,
    });
    setName("");
    invalidate("/views");
    toast("The view is saved.");
  });
  return (
    <form
      class="view-save"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run();
      }}
    >
      {action.error !== null && <ErrorNote error={action.error} />}
      <Field label="Save what you see as" required value={name} onInput={setName} autocomplete="off" />
      <Button kind="primary" type="submit" busy={action.busy} disabled={name.trim() === ""}>
        {same === undefined ? "Save" : "Replace"}
      </Button>
    </form>
  );
}

/** Gone already: a try before this one got that far. */
async function giveWay(view: SavedView): Promise<void> {
  try {
    await request("delete", "/views/{view_id}", { at: { view_id: view.id ?? "" } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
