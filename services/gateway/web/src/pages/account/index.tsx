import { type JSX } from "preact";
import { session } from "../../api/session";
import { Card } from "../../components/card";
import { Name } from "../../components/name";
import { toast } from "../../components/toast";
import { PageFrame } from "../../shell/frame";
import { NewPasswordForm } from "../../shell/new-password";

export default function Account(): JSX.Element {
  return (
    <PageFrame title="Account">
      <Card title="Password">
        <div class="card-body stack narrow">
          <p class="muted">
            Signed in as <Name text={session.value?.email ?? ""} />. A change ends your other sessions.
          </p>
          <NewPasswordForm onDone={() => toast("The password is changed; your other sessions ended.")} />
        </div>
      </Card>
    </PageFrame>
  );
}
