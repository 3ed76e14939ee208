import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Check } from "../../components/check";
import { Field } from "../../components/field";
import { madePassword } from "./passwords";

interface HandedOverProps {
  readonly password: string;
  readonly onPassword: (password: string) => void;
  readonly mustChange: boolean;
  readonly onMustChange: (mustChange: boolean) => void;
  readonly errors: readonly string[];
  readonly label: string;
}

/** A password that is handed over: in sight, as somebody has to read it out or copy it. */
export function HandedOver(props: HandedOverProps): JSX.Element {
  const { password, onPassword, mustChange, onMustChange, errors, label } = props;
  return (
    <>
      <Field
        label={label}
        required
        autocomplete="off"
        value={password}
        onInput={onPassword}
        errors={errors}
        hint="8 to 128 characters; common ones are refused"
      />
      <div class="row">
        <Button onClick={() => onPassword(madePassword())}>Make one</Button>
      </div>
      <Check
        label="They have to choose their own at the first sign-in"
        checked={mustChange}
        onChange={onMustChange}
        hint="You will know this one; only they should know theirs."
      />
    </>
  );
}
