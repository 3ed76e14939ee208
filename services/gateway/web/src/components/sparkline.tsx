import { type JSX } from "preact";

const WIDTH = 110;
const HEIGHT = 24;

interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** Sums are drawn from zero; ratios, which hardly move seen from there, from their smallest. */
  readonly fromZero: boolean;
}

/** The course of a number, without axes: the numbers themselves are in the table of the trend. Gaps stay gaps. */
export function Sparkline({ values, fromZero }: SparklineProps): JSX.Element {
  return (
    <svg class="tile-spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path
        d={pathOf(values, fromZero)}
        fill="none"
        stroke="var(--series-1)"
        stroke-width="1.6"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}

/** From the top of the box for the largest value to its bottom for the smallest, or for zero. */
export function pathOf(values: readonly (number | null)[], fromZero: boolean): string {
  const known = values.filter((value) => value !== null);
  const marks = fromZero ? [0, ...known] : known;
  const least = Math.min(...marks);
  const most = Math.max(...marks);
  const level = (value: number): number => (most === least ? 0.5 : (value - least) / (most - least));
  const step = WIDTH / Math.max(1, values.length - 1);
  let pen = "M";
  const parts: string[] = [];
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const y = HEIGHT - 2 - level(value) * (HEIGHT - 4);
    parts.push(`${pen}${(index * step).toFixed(1)} ${y.toFixed(1)}`);
    pen = "L";
  });
  return parts.join("");
}
