import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "./button";

interface SecretProps {
  /** What it is: heard with it. */
  readonly label: string;
  readonly text: string;
  /** Where it is shown in another way than it is used. */
  readonly copies?: string;
}

/** Something that is shown this once, to be taken along. */
export function Secret({ label, text, copies = text }: SecretProps): JSX.Element {
  const shown = useRef<HTMLElement>(null);
  const [told, setTold] = useState("");
  const copy = async (): Promise<void> => {
    setTold((await copied(copies)) ? "Copied" : "Selected: copy it with the keyboard");
    if (shown.current !== null) window.getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <div class="secret">
      <code ref={shown} aria-label={label} tabIndex={0}>
        {text}
      </code>
      <div class="row">
        <Button onClick={() => void copy()}>Copy</Button>
        <span class="muted small" role="status">
          {told}
        </span>
      </div>
    </div>
  );
}

/** Browsers have a clipboard on https and localhost alone. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
