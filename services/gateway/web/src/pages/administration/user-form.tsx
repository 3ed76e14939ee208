import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Check } from "../../components/check";
import { Dialog } from "../../components/dialog";
import { Form } from "../../components/form";
import { Name } from "../../components/name";
import { Note } from "../../components/notes";
import { Select } from "../../components/select";
import { toast } from "../../components/toast";
import { type User } from "./directory";

type Role = "admin" | "client";
export const ROLES = [
  ["client", "Client user: sees their own clients"],
  ["admin", "Administrator: sees and changes everything"],
] as const satisfies readonly (readonly [Role, string])[];

interface UserFormProps {
  readonly user: User;
  readonly onClose: () => void;
}

export function UserForm({ user, onClose }: UserFormProps): JSX.Element {
  const was: Role = user.role === "admin" ? "admin" : "client";
  const [role, setRole] = useState<Role>(was);
  const [isActive, setActive] = useState(user.is_active === true);
  const action = useAction(async () => {
    await request("patch", "/users/{user_id}", { at: { user_id: user.id ?? "" }, body: { role, is_active: isActive } });
    invalidate("/users", "/auth/me");
    toast(isActive ? "The user is changed." : "The user is disabled and signed out everywhere.");
    onClose();
  });
  return (
    <Dialog title="Edit the user" onClose={onClose}>
      <Form
        action={action}
        submit={user.is_active === true && !isActive ? "Save and disable" : "Save"}
        onCancel={onClose}
      >
        <p>
          <Name text={user.email ?? ""} />
        </p>
        <Select label="Role" value={role} options={ROLES} onChange={setRole} />
        {was === "client" && role === "admin" && (
          <Note kind="warning">They will see all clients, with media cost and margin, and may change everything.</Note>
        )}
        <Check
          label="May sign in"
          checked={isActive}
          onChange={setActive}
          hint="Without it they are signed out everywhere at once, and their API keys rest. Nothing is deleted."
        />
      </Form>
    </Dialog>
  );
}
