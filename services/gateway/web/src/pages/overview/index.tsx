import { type JSX } from "preact";
import { PageFrame } from "../../shell/frame";
import { useScope } from "../../shell/scope";
import { ScopeBar } from "../../shell/scope-bar";

export default function Overview(): JSX.Element {
  const scope = useScope();
  return <PageFrame title="Overview" bar={<ScopeBar scope={scope} hasComparison />}><p>…</p></PageFrame>;
}
