import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { useResource } from "../../api/resource";
import { Picker } from "../../components/picker";

interface UserPickerProps {
  readonly value: string | null;
  readonly onChoose: (user: string | null) => void;
  readonly errors: readonly string[];
}

/** The user who may see a client. There may be any number of users: the API searches them. */
export function UserPicker({ value, onChoose, errors }: UserPickerProps): JSX.Element {
  const [typed, setTyped] = useState("");
  const found = useResource("/users", {
    query: { email: typed === "" ? null : typed, is_active: true, page_size: 50 },
  });
  const chosen = useResource("/users/{user_id}", value === null ? null : { at: { user_id: value } });
  const choices = (found.data?.data ?? []).map((user) => ({
    value: user.id ?? "",
    text: user.email ?? "",
    detail: user.role === "admin" ? "Administrator" : "",
  }));
  return (
    <div class="field">
      <span class="label" aria-hidden="true">
        Seen by
      </span>
      <Picker
        label="Seen by"
        value={value}
        none="Administrators alone"
        choices={choices}
        shown={value === null ? undefined : (chosen.data?.email ?? undefined)}
        onChoose={onChoose}
        onSearch={setTyped}
      />
      {errors.length > 0 && <span class="field-error">{errors.join("; ")}</span>}
    </div>
  );
}
