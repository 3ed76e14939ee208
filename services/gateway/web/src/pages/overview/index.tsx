import { type JSX } from "preact";
import { Empty } from "../../components/notes";
import { ExplainDialog } from "../../explain/dialog";
import { PageFrame } from "../../shell/frame";
import { useScope } from "../../shell/scope";
import { ScopeBar } from "../../shell/scope-bar";
import { FreshnessCard } from "./freshness";
import "./overview.css";
import { Settling } from "./settling";
import { SourcesCard } from "./sources";
import { useOverview } from "./state";
import { Tiles } from "./tiles";
import { TopCard } from "./top-list";
import { TrendCard } from "./trend-card";
import { UnderperformersCard } from "./underperformers";

/** What an analyst opens every morning: how it stands, how it came there, and what needs a look. */
export default function OverviewPage(): JSX.Element {
  const scope = useScope();
  const overview = useOverview(scope);
  const hasNoClient = scope.clients.data?.total === 0;
  return (
    <PageFrame title="Overview" bar={<ScopeBar scope={scope} hasComparison />}>
      {hasNoClient ? (
        <Empty title="No client yet">
          <p>Nobody has given you a client to look at. An administrator can.</p>
        </Empty>
      ) : (
        <>
          <Tiles overview={overview} />
          <Settling overview={overview} />
          <TrendCard overview={overview} />
          <div class="overview-columns uneven">
            <SourcesCard overview={overview} />
            <FreshnessCard overview={overview} days={scope.days} />
          </div>
          <div class="overview-columns">
            <TopCard overview={overview} scope={scope} level="campaign" />
            <TopCard overview={overview} scope={scope} level="creative" />
          </div>
          <UnderperformersCard overview={overview} />
          <ExplainDialog />
        </>
      )}
    </PageFrame>
  );
}
