import { type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const WAIT_MS = 350;

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Something that is typed: it takes effect after a moment without a key. */
export function TextFilter({ label, value, onChange }: TextFilterProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      class="input bar-control"
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={255}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
