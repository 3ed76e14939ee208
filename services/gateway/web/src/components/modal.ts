import { type RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Opens a dialog over the page; whoever opened it has the focus again afterwards. */
export function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  // A layout effect: it closes while it is still there, only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      requestAnimationFrame(() => {
        // It may have been out of the page by then, and with it all behind it inert until now.
        const isLost = document.activeElement === document.body;
        if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
      });
    };
  }, []);
}
