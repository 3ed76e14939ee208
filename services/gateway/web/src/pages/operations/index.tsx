import { type JSX } from "preact";
import { Empty } from "../../components/notes";
import { PageFrame } from "../../shell/frame";

export default function Operations(): JSX.Element {
  return (
    <PageFrame title="Operations">
      <Empty title="Not built yet">
        <p>The API has it already: see /docs.</p>
      </Empty>
    </PageFrame>
  );
}
