import { type JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { textOf } from "../../api/figures";
import { Name } from "../../components/name";
import { type Row } from "./pages";

const WIDTH = 340;
const MOST_HEIGHT = 380;

/** The address of a creative's picture; null: there is none that is safe to load. */
export function previewOf(row: Row): string | null {
  const found = textOf(row, "preview_url");
  try {
    const url = new URL(found);
    // A password in an address would be sent along; the page's policy lets pictures come over https alone.
    return url.protocol === "https:" && url.username === "" && url.password === "" ? url.href : null;
  } catch {
    return null;
  }
}

export interface Preview {
  readonly row: Row;
  readonly at: DOMRect;
}

interface PreviewPopoverProps {
  readonly preview: Preview;
  readonly onClose: () => void;
}

/** A creative beside its row. The browser closes it on Escape and on a click elsewhere, and gives the focus back. */
export function PreviewPopover({ preview, onClose }: PreviewPopoverProps): JSX.Element {
  const popover = useRef<HTMLDivElement>(null);
  const name = textOf(preview.row, "creative_name");
  const url = previewOf(preview.row);
  useLayoutEffect(() => {
    popover.current?.showPopover();
    popover.current?.querySelector("a")?.focus();
  }, []);
  return (
    <div
      ref={popover}
      class="preview"
      popover="auto"
      role="dialog"
      aria-label={`Creative ${name}`}
      style={placeOf(preview.at)}
      onToggle={(event) => {
        if ((event as unknown as ToggleEvent).newState === "closed") onClose();
      }}
    >
      <h3>
        <Name text={name} />
      </h3>
      {url !== null && <Picture url={url} name={name} />}
      {url !== null && (
        <a href={url} target="_blank" rel="noopener noreferrer">
          Open in a new tab
        </a>
      )}
    </div>
  );
}

function Picture({ url, name }: { readonly url: string; readonly name: string }): JSX.Element {
  const [state, setState] = useState<"loading" | "there" | "failed">("loading");
  if (state === "failed") {
    return <p class="muted small">There is no picture at this address, or it could not be loaded.</p>;
  }
  return (
    <img
      src={url}
      alt={`Creative ${name}`}
      referrerpolicy="no-referrer"
      decoding="async"
      data-state={state}
      onLoad={() => setState("there")}
      onError={() => setState("failed")}
    />
  );
}

/** Below what opened it, or above where there is more room; always within the window. */
export function placeOf(at: Pick<DOMRect, "left" | "top" | "bottom">): { left: string; top?: string; bottom?: string } {
  const left = Math.max(8, Math.min(at.left, window.innerWidth - WIDTH - 8));
  const below = window.innerHeight - at.bottom;
  if (below >= MOST_HEIGHT || below >= at.top) return { left: `${left}px`, top: `${at.bottom + 4}px` };
  return { left: `${left}px`, bottom: `${window.innerHeight - at.top + 4}px` };
}
