import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "../../components/button";
import { sentenceOf } from "../../components/notes";
import { PICTURES, pictureOf, refusalOf } from "./picture";

interface LogoProps {
  readonly logo: string | null;
  readonly onChange: (logo: string | null) => void;
  readonly errors: readonly string[];
}

/** The picture at the head of PDF reports. It is kept with the client, so nothing is fetched when a report is made. */
export function Logo({ logo, onChange, errors }: LogoProps): JSX.Element {
  const [refusal, setRefusal] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const refused = refusalOf(file);
    setRefusal(refused);
    if (refused !== null) return;
    try {
      onChange(await pictureOf(file));
    } catch (error) {
      setRefusal(sentenceOf(error));
    }
  };
  const told = [...(refusal === null ? [] : [refusal]), ...errors];
  return (
    <div class="field">
      <span class="label">Logo</span>
      <div class="row">
        {logo !== null && <img class="logo" src={logo} alt="The logo as it is now" />}
        <input
          ref={input}
          type="file"
          accept={PICTURES.join(",")}
          class="visually-hidden"
          tabIndex={-1}
          aria-label="Picture of the logo"
          onChange={(event) => void choose(event.currentTarget.files?.[0])}
        />
        <Button onClick={() => input.current?.click()}>{logo === null ? "Choose a picture" : "Choose another"}</Button>
        {logo !== null && <Button onClick={() => onChange(null)}>Take it away</Button>}
      </div>
      <span class="muted small">PNG or JPEG of at most 290 kB, for PDF reports</span>
      {told.length > 0 && (
        <span class="field-error" role="alert">
          {told.join("; ")}
        </span>
      )}
    </div>
  );
}
