import { type ComponentChildren, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { reachable } from "../api/client";
import { AccountMenu } from "./account-menu";

interface PageFrameProps {
  readonly title: string;
  /** What the page is about and may be changed: see ScopeBar. */
  readonly bar?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page stands in: its title, its bar, and whether the server can be reached. */
export function PageFrame({ title, bar, children }: PageFrameProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Tidemark`;
  }, [title]);
  return (
    <>
      {!reachable.value && (
        <div class="banner" role="status">
          The server cannot be reached. What you see was read before; this is tried again by itself.
        </div>
      )}
      <header class="topbar">
        <h1>{title}</h1>
        {bar}
        <div class="topbar-end">
          <AccountMenu />
        </div>
      </header>
      <div class="page">{children}</div>
    </>
  );
}
