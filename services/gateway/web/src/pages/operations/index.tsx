import { type JSX } from "preact";
import { Tabs } from "../../components/tabs";
import { PageFrame } from "../../shell/frame";
import { useView } from "../../state/view";
import { Audit } from "./audit";
import { Backfill } from "./backfill";
import { Coverage } from "./coverage";
import { DayDrawer } from "./day-drawer";
import { Notifications } from "./notifications";
import "./operations.css";
import { Quarantine } from "./quarantine";
import { QueuesTab } from "./queues";
import { Restatements } from "./restatements";
import { RunDrawer } from "./run-drawer";
import { Runs } from "./runs";
import { Schedules } from "./schedules";
import { OPERATIONS, type OperationsView, TABS, onTab } from "./state";

export default function Operations(): JSX.Element {
  const view = useView(OPERATIONS);
  const { tab, run, cell } = view.state;
  return (
    <PageFrame title="Operations">
      <Tabs label="Parts of operations" value={tab} tabs={TABS} onChange={(next) => view.change(onTab(next))}>
        <Part view={view} />
      </Tabs>
      {cell !== null && run === null && <DayDrawer cell={cell} view={view} />}
      {run !== null && <RunDrawer key={run} id={run} view={view} />}
    </PageFrame>
  );
}

function Part({ view }: { readonly view: OperationsView }): JSX.Element {
  switch (view.state.tab) {
    case "coverage":
      return <Coverage view={view} />;
    case "runs":
      return <Runs view={view} />;
    case "quarantine":
      return <Quarantine view={view} />;
    case "restatements":
      return <Restatements view={view} />;
    case "backfill":
      return <Backfill view={view} />;
    case "queues":
      return <QueuesTab />;
    case "notifications":
      return <Notifications view={view} />;
    case "schedules":
      return <Schedules />;
    case "audit":
      return <Audit view={view} />;
  }
}
