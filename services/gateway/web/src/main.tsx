import { render } from "preact";
import { keepFresh } from "./api/resource";
import { restoreSession } from "./api/session";
import { pageAt } from "./pages/routes";
import { App } from "./shell/app";
import { followHistory, place } from "./state/location";
import { followTheme } from "./state/theme";
import "./styles/index.css";

followTheme();
followHistory();
keepFresh();
// Its chunk comes while the session is looked for; what fails here is told where the page is opened.
pageAt(place.value.path)
  ?.load()
  .catch(() => undefined);
await restoreSession();

const root = document.getElementById("page");
if (root !== null) render(<App />, root);
