/** Light, dark, or as the system has it. */
import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED = "tidemark.theme";

export const theme = signal<Theme>(THEMES.find((each) => each === localStorage.getItem(STORED)) ?? "system");
/** Counts up when colours changed, whoever changed them: charts draw themselves again. */
export const repaints = signal(0);

export function chooseTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(STORED, next);
  apply();
}

export function followTheme(): void {
  apply();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    repaints.value += 1;
  });
}

function apply(): void {
  document.documentElement.dataset.theme = theme.value;
  repaints.value += 1;
}
