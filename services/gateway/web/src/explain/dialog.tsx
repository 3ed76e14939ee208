import { type JSX } from "preact";
import { metricOf, textOf } from "../api/figures";
import { useResource } from "../api/resource";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { Figure } from "../components/figure";
import { Name } from "../components/name";
import { Badge, ErrorNote, Skeleton } from "../components/notes";
import { formatRange } from "../format/dates";
import { formatCount, formatShare } from "../format/numbers";
import { sourceName } from "../shell/scope-bar";
import { Equation } from "./equation";
import "./explain.css";
import { Rates, Restatements, Runs } from "./origins";
import { type Explanation, type Term, finality, termOf, titleOf, whyNothing } from "./parts";
import { type ExplainQuestion, closeExplanation, explained } from "./question";

/** Where the explanation of any number of a page opens. */
export function ExplainDialog(): JSX.Element | null {
  const question = explained.value;
  if (question === null) return null;
  return (
    <Dialog title={titleOf(question.metric)} size="wide" onClose={closeExplanation}>
      <Explaining question={question} />
      <div class="dialog-actions">
        <Button onClick={closeExplanation}>Close</Button>
      </div>
    </Dialog>
  );
}

function Explaining({ question }: { readonly question: ExplainQuestion }): JSX.Element {
  const { metric, query } = question;
  const found = useResource("/metrics/explain", { query: { metric, ...query } });
  if (found.error !== null) return <ErrorNote error={found.error} onRetry={found.reload} />;
  if (found.data === null || found.stale) {
    return (
      <div class="stack explain" aria-busy="true">
        <span class="visually-hidden" role="status">
          Loading
        </span>
        <Skeleton height={40} />
        <Skeleton height={88} />
        <Skeleton height={230} />
      </div>
    );
  }
  return <Told told={found.data} question={question} />;
}

function Told({ told, question }: { readonly told: Explanation; readonly question: ExplainQuestion }): JSX.Element {
  const metric = metricOf(question.metric);
  const terms = [told.numerator, told.minus, told.denominator].map(termOf);
  const [numerator = null, minus = null, denominator = null] = terms;
  const nothing = whyNothing({ value: told.value, numerator, minus, denominator });
  return (
    <div class="stack explain">
      <About told={told} />
      <div class="explain-number">
        <strong class="tile-value">
          <Figure metric={metric} value={told.value} currency={told.currency} />
        </strong>
        <Finality told={told} />
      </div>
      {nothing !== null && <p>{nothing}</p>}
      <Equation told={told} numerator={numerator} minus={minus} denominator={denominator} unit={metric.unit} />
      <Covered told={told} />
      {told.rates.length > 0 && <Rates told={told} />}
      <Runs told={told} />
      <Restatements told={told} terms={terms.filter((term): term is Term => term !== null)} />
    </div>
  );
}

/** Of what the number is: entity, source, days. */
function About({ told }: { readonly told: Explanation }): JSX.Element {
  const { start, end } = told.date_range;
  const level = told.entity === null ? "" : textOf(told.entity, "level");
  const source = typeof told.source === "string" ? told.source : null;
  return (
    <p class="muted explain-about">
      {told.entity === null ? (
        <>
          All campaigns of <Name text={told.client_name ?? `${told.client_ids.length} clients`} />
        </>
      ) : (
        <>
          The {level} <Name text={textOf(told.entity, `${level}_name`)} />
        </>
      )}
      {source !== null && <>, {sourceName(source)} alone</>}
      {start !== null && end !== null && <>, {formatRange({ start, end })}</>}
    </p>
  );
}

function Finality({ told }: { readonly told: Explanation }): JSX.Element {
  const { isFinal, sentence } = finality(told.maturity);
  return (
    <span class="row">
      <Badge kind={isFinal ? "plain" : "warning"}>{isFinal ? "final" : "provisional"}</Badge>
      <span class="muted small">{sentence}</span>
    </span>
  );
}

/** Ratios leave out the rows in which one of their parts was not measured. */
function Covered({ told }: { readonly told: Explanation }): JSX.Element {
  const { impressions, of_impressions, share } = told.covers;
  const rows = `${formatCount(told.rows)} ${told.rows === 1 ? "row" : "rows"} of one day and creative`;
  if (share === null || share >= 1) return <p class="muted small">Summed over {rows}.</p>;
  return (
    <p class="small">
      <Badge kind="warning">{formatShare(share * 100)} covered</Badge> Only rows in which all of this was measured and
      priced count: {formatCount(impressions)} of {formatCount(of_impressions)} impressions, in {rows}.
    </p>
  );
}
