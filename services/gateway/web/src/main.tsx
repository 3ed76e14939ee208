import { render } from "preact";
import { keepFresh } from "./api/resource";
import { restoreSession } from "./api/session";
import { App } from "./shell/app";
import { followHistory } from "./state/location";
import { followTheme } from "./state/theme";
import "./styles/index.css";

followTheme();
followHistory();
keepFresh();
await restoreSession();

const root = document.getElementById("page");
if (root !== null) render(<App />, root);
