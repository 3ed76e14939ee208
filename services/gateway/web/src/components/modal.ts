import { type RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Opens a dialog over the page. Whoever opened it has the focus again afterwards: browsers lose it with the element. */
export function useModal(dialog: RefObject<HTMLDialogElement>): void {
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      // After the element is gone: until then all behind it is inert.
      requestAnimationFrame(() => {
        const isLost = document.activeElement === document.body;
        if (isLost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    };
  }, []);
}
