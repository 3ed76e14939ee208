import { type JSX } from "preact";
import { METRICS } from "../../api/metrics";
import { coverageOf } from "../../api/figures";
import { Note } from "../../components/notes";
import { formatDay } from "../../format/dates";
import { formatCount, formatShare } from "../../format/numbers";
import { type Dashboard, type Overview } from "./state";

/** What one has to know before one quotes these figures. Its place is kept: it must not push the page down later. */
export function Settling({ overview }: { readonly overview: Overview }): JSX.Element {
  const { data } = overview.dashboard;
  const sentences = data === null ? [] : sentencesOf(data);
  if (data !== null && sentences.length === 0) {
    const isEmpty = data.summary.rows === 0;
    return (
      <p class="settling muted small">
        {isEmpty ? "Nothing was delivered for this choice." : "These figures are final, and cover all impressions."}
      </p>
    );
  }
  const [first = "", ...more] = sentences;
  return (
    <div class="settling">
      {first !== "" && (
        <details>
          <summary class="muted small">
            {first}
            {more.length > 0 && <span class="settling-more"> {more.length} more …</span>}
          </summary>
          {more.map((sentence) => (
            <Note key={sentence}>{sentence}</Note>
          ))}
        </details>
      )}
    </div>
  );
}

export function sentencesOf({ maturity, summary }: Dashboard): string[] {
  const found: string[] = [];
  if (maturity.status === "provisional") {
    found.push(`Figures from ${formatDay(maturity.provisional_from)} on are provisional: platforms still restate them.`);
  }
  const unpriced = summary.unpriced_impressions ?? 0;
  if (unpriced > 0) {
    found.push(`${formatCount(unpriced)} impressions have no CPM on their day: spend and what follows from it leave them out.`);
  }
  for (const { name, label } of METRICS) {
    const covered = coverageOf(summary, name);
    if (covered !== null && covered < 1) {
      found.push(`${label} covers ${formatShare(covered * 100)} of the impressions: the rest has no such figure.`);
    }
  }
  return found;
}
