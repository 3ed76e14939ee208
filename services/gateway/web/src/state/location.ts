/** The address of the page, and moving from one to another without loading it again. */
import { signal } from "@preact/signals";

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

export const place = signal<Place>(here());

/** Goes there; `replace`: without a step for the Back button (corrections, typing). */
export function navigate(href: string, { replace = false } = {}): void {
  const target = new URL(href, window.location.origin);
  if (target.href === window.location.href) return;
  const changesPage = target.pathname !== window.location.pathname;
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  place.value = here();
  if (changesPage && !replace) window.scrollTo(0, 0);
}

export function followHistory(): void {
  window.addEventListener("popstate", () => {
    place.value = here();
  });
}

/** Whether a click on a link should stay in this page: others open tabs, windows or menus. */
export function staysHere(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function here(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}
