import { type JSX } from "preact";
import { Empty } from "../../components/notes";
import { PageFrame } from "../../shell/frame";

export default function Explorer(): JSX.Element {
  return (
    <PageFrame title="Explorer">
      <Empty title="Not built yet">
        <p>The API has it already: see /docs.</p>
      </Empty>
    </PageFrame>
  );
}
