import { type JSX } from "preact";
import { Tabs } from "../../components/tabs";
import { PageFrame } from "../../shell/frame";
import { navigate, place } from "../../state/location";
import { useView } from "../../state/view";
import { ClientsTab } from "./clients";
import { RatesTab } from "./rates";
import { ReportsTab } from "./reports";
import { SourcesTab } from "./sources";
import { OPEN, TABS, type Tab, tabHref } from "./state";
import { UsersTab } from "./users";
import "./administration.css";

const CONTENTS: Readonly<Record<Tab, () => JSX.Element>> = {
  clients: ClientsTab,
  users: UsersTab,
  sources: SourcesTab,
  rates: RatesTab,
  reports: ReportsTab,
};

/** Who the clients and users are, how their sources are read, what they pay, and what is sent to them. */
export default function Administration(): JSX.Element {
  const { tab } = useView(OPEN).state;
  const Content = CONTENTS[tab];
  return (
    <PageFrame title="Administration">
      <Tabs
        label="Parts of the administration"
        value={tab}
        tabs={TABS}
        onChange={(next) => navigate(tabHref(place.peek().query, next))}
      >
        <div class="administration">
          <Content key={tab} />
        </div>
      </Tabs>
    </PageFrame>
  );
}
