import { type JSX } from "preact";
import { type Metric } from "../api/metrics";
import { type Explanation, type Term, formatExact, termLabel, termMetric } from "./parts";

interface EquationProps {
  readonly told: Explanation;
  readonly numerator: Term | null;
  readonly minus: Term | null;
  readonly denominator: Term | null;
  readonly unit: Metric["unit"];
}

/** The formula, and the same with its numbers: every digit, so that it can be computed again. */
export function Equation({ told, numerator, minus, denominator, unit }: EquationProps): JSX.Element {
  const multiplier = told.multiplier ?? 1;
  return (
    <section class="equation" aria-label="Formula">
      <p>
        {told.label} = {told.formula}
      </p>
      <div class="equation-terms">
        <Part term={numerator} currency={told.currency} role="Numerator" />
        {minus !== null && <Sign text="−" />}
        {minus !== null && <Part term={minus} currency={told.currency} role="Subtracted" />}
        {denominator !== null && <Sign text="÷" />}
        {denominator !== null && <Part term={denominator} currency={told.currency} role="Denominator" />}
        {multiplier !== 1 && <Sign text={`× ${multiplier}`} />}
        <Sign text="=" />
        <span class="equation-term">
          <span class="muted small">Exactly</span>
          <data value={told.exact === null ? "" : String(told.exact)}>
            {formatExact(unit, told.exact, told.currency)}
          </data>
        </span>
      </div>
    </section>
  );
}

interface PartProps {
  readonly term: Term | null;
  readonly currency: string | null;
  readonly role: string;
}

function Part({ term, currency, role }: PartProps): JSX.Element | null {
  if (term === null) return null;
  return (
    <span class="equation-term">
      <span class="muted small">
        <span class="visually-hidden">{role}: </span>
        {termLabel(term.name)}
      </span>
      <data value={term.value === null ? "" : String(term.value)}>
        {formatExact(termMetric(term.name)?.unit ?? null, term.value, currency)}
      </data>
    </span>
  );
}

function Sign({ text }: { readonly text: string }): JSX.Element {
  return <span class="equation-sign muted">{text}</span>;
}
