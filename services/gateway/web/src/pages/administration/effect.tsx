import { type JSX } from "preact";
import { metricOf } from "../../api/figures";
import { Figure } from "../../components/figure";
import { formatRange } from "../../format/dates";
import { formatCount } from "../../format/numbers";

/** What a change of CPMs does to days that were delivered already. */
export interface RateEffect {
  readonly rows: number | null;
  readonly days: number | null;
  readonly first_day: string | null;
  readonly last_day: string | null;
  readonly spend_before?: number | null;
  readonly spend_after?: number | null;
  readonly spend_change?: number | null;
}

interface EffectProps {
  readonly effect: RateEffect;
  readonly currency: string | null;
}

/** Rows, days, and their spend before and after. */
export function Effect({ effect, currency }: EffectProps): JSX.Element {
  const { rows, days, first_day: first, last_day: last } = effect;
  if ((rows ?? 0) === 0) {
    return (
      <div class="effect" role="status">
        <p>No delivered day changes: nothing is priced anew.</p>
      </div>
    );
  }
  const spend = metricOf("spend");
  const change = effect.spend_change ?? 0;
  return (
    <div class="effect" role="status">
      <p>
        {formatCount(rows)} {rows === 1 ? "row" : "rows"} of {formatCount(days)} {days === 1 ? "day" : "days"}{" "}
        {days === 1 ? "is" : "are"} priced anew
        {first !== null && last !== null && <>: {formatRange({ start: first, end: last })}</>}.
      </p>
      <dl class="effect-spend">
        <div>
          <dt>Spend before</dt>
          <dd>
            <Figure metric={spend} value={effect.spend_before} currency={currency} />
          </dd>
        </div>
        <div aria-hidden="true">→</div>
        <div>
          <dt>Spend after</dt>
          <dd>
            <Figure metric={spend} value={effect.spend_after} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>Change</dt>
          <dd>
            {change > 0 ? "+" : ""}
            <Figure metric={spend} value={effect.spend_change} currency={currency} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
