/** The colours of the page's tokens, as a canvas needs them: it knows no variables. */
const TOKENS = {
  text: "--text",
  muted: "--muted",
  line: "--line",
  raised: "--raised",
  gap: "--gap",
  series1: "--series-1",
  series2: "--series-2",
} as const;
export type Colours = Readonly<Record<keyof typeof TOKENS, string>>;

/** As they are now and here; the theme may change them. */
export function coloursOf(element: HTMLElement): Colours {
  const probe = document.createElement("span");
  element.append(probe);
  const entries = Object.entries(TOKENS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
