import { type JSX } from "preact";
import { signOut } from "../api/auth";
import { Icon } from "../components/icons";
import { Menu } from "../components/menu";
import { navigate } from "../state/location";
import { THEMES, type Theme, chooseTheme, theme } from "../state/theme";

const TEXTS: Readonly<Record<Theme, string>> = {
  system: "Colours of the system",
  light: "Light colours",
  dark: "Dark colours",
};

export function AccountMenu(): JSX.Element {
  const themes = THEMES.map((each) => ({
    text: TEXTS[each],
    checked: theme.value === each,
    onSelect: () => chooseTheme(each),
  }));
  return (
    <Menu
      label="Account and colours"
      align="end"
      kind="quiet"
      button={<Icon name="account" />}
      items={[
        { text: "Account", onSelect: () => navigate("/account") },
        ...themes,
        { text: "Sign out", onSelect: () => void signOut() },
      ]}
    />
  );
}
