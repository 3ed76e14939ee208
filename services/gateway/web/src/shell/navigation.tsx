import { type JSX } from "preact";
import { isAdmin } from "../api/auth";
import { session } from "../api/session";
import { Icon, Logo } from "../components/icons";
import { Link } from "../components/link";
import { PAGES, pageAt } from "../pages/routes";
import { place } from "../state/location";
import { SCOPE, hrefOf, read } from "../state/view";

/** The pages; client, range and filters go along. */
export function Navigation(): JSX.Element {
  const admin = isAdmin(session.value);
  const open = pageAt(place.value.path);
  const scope = read(SCOPE, place.value.query);
  return (
    <nav class="nav" aria-label="Pages">
      <div class="brand">
        <Logo />
        Tidemark
      </div>
      <ul>
        {PAGES.filter((page) => page.aside !== true && (admin || page.adminOnly !== true)).map((page) => (
          <li key={page.path}>
            <Link href={hrefOf(page.path, SCOPE, scope)} current={page === open}>
              <Icon name={page.icon} />
              {page.short !== undefined && <span class="short">{page.short}</span>}
              <span class={page.short === undefined ? undefined : "long"}>{page.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
