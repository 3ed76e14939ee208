/** Which lines of a scrolling table are in view. */
import { useLayoutEffect, useState } from "preact/hooks";
import { LINES_ABOVE, ROW_HEIGHT } from "./sheet";

/** Drawn beyond what is in view, so that scrolling shows rows and not their ground. */
const BEYOND = 8;
/** Lines by which what is drawn moves at a time. */
const STEP = 4;

export interface Viewport {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  /** How many rows are wholly in view. */
  readonly page: number;
}

export function useViewport(scroller: { readonly current: HTMLDivElement | null }, question: string): Viewport {
  const [top, setTop] = useState(0);
  const [lines, setLines] = useState(20);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const scrolled = (): void => setTop(Math.floor(element.scrollTop / ROW_HEIGHT / STEP) * STEP);
    const resized = (): void => setLines(Math.max(1, Math.floor(element.clientHeight / ROW_HEIGHT) - LINES_ABOVE));
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    resized();
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setTop(0);
  }, [question]);
  return { first: top - BEYOND, last: top + lines + STEP + BEYOND, page: Math.max(1, lines - 1) };
}
