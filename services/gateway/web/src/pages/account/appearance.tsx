import { type JSX } from "preact";
import { metricOf } from "../../api/figures";
import { Card } from "../../components/card";
import { Segments } from "../../components/select";
import { formatDay, formatMoment } from "../../format/dates";
import { formatChange, formatCount, formatFigure } from "../../format/numbers";
import { type Theme, chooseTheme, theme } from "../../state/theme";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Colours, and how numbers and days are written here. */
export function Appearance(): JSX.Element {
  const now = new Date();
  const examples: readonly (readonly [string, string])[] = [
    ["Count", formatCount(1_234_567)],
    ["Money", formatFigure(metricOf("spend"), 1_234.5, "USD")],
    ["Ratio", formatFigure(metricOf("ctr"), 0.82, null)],
    ["Change", formatChange(-12.5)],
    ["Day", formatDay(now.toISOString().slice(0, 10))],
    ["Moment", formatMoment(now.toISOString())],
  ];
  return (
    <Card title="Appearance">
      <div class="card-body stack">
        <Segments label="Colours" value={theme.value} options={THEMES} onChange={chooseTheme} />
        <dl class="pairs">
          {examples.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="number start">{text}</dd>
            </div>
          ))}
        </dl>
        <p class="muted small">
          Written as your browser is set: <span lang="">{new Intl.NumberFormat().resolvedOptions().locale}</span>, times
          in {new Intl.DateTimeFormat().resolvedOptions().timeZone}. Days are those of the account, wherever you are.
        </p>
      </div>
    </Card>
  );
}
