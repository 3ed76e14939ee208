/** The pages: where each is, what it is called, and the chunk that it is loaded from. */
import { type ComponentType } from "preact";
import { type IconName } from "../components/icons";

export interface Page {
  readonly path: string;
  readonly title: string;
  /** In its place where there is little. */
  readonly short?: string;
  readonly icon: IconName;
  /** Only administrators have something to see there. */
  readonly adminOnly?: boolean;
  /** Not in the list of pages: reached from a menu. */
  readonly aside?: boolean;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const HOME = "/overview";

export const PAGES: readonly Page[] = [
  { path: HOME, title: "Overview", icon: "overview", load: () => import("./overview") },
  { path: "/explorer", title: "Explorer", icon: "explorer", load: () => import("./explorer") },
  { path: "/uploads", title: "Uploads", icon: "uploads", load: () => import("./uploads") },
  { path: "/operations", title: "Operations", icon: "operations", adminOnly: true, load: () => import("./operations") },
  {
    path: "/administration",
    title: "Administration",
    short: "Admin",
    icon: "administration",
    adminOnly: true,
    load: () => import("./administration"),
  },
  { path: "/account", title: "Account", icon: "account", aside: true, load: () => import("./account") },
];

/** The page of an address; the first part of its path decides, a second one is the page's own. */
export function pageAt(path: string): Page | null {
  const first = `/${path.split("/")[1] ?? ""}`;
  if (first === "/" || first === "/login") return PAGES[0] ?? null;
  return PAGES.find((page) => page.path === first) ?? null;
}
