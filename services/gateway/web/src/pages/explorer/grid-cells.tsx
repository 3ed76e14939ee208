import { type JSX } from "preact";
import { deltaReason, figureOf, textOf } from "../../api/figures";
import { type Metric } from "../../api/metrics";
import { Change } from "../../components/figure";
import { Name } from "../../components/name";
import { Skeleton } from "../../components/notes";
import { Explained } from "../../explain/explained";
import { type ExplainQuery } from "../../explain/question";
import { sourceName } from "../../shell/scope-bar";
import { type Column, type MetricColumn } from "./columns";
import { type Sheet, cellFocus } from "./sheet";

interface FigureCellsProps {
  readonly sheet: Sheet;
  /** Counted from the head of the table. */
  readonly row: number;
  /** The column that Tab comes to; null: none in this row. */
  readonly active: number | null;
  /** Null: on its way. */
  readonly figures: object | null;
  readonly changes: object | null;
  readonly of: ExplainQuery | null;
  readonly barOf?: (name: string) => number | null;
}

/** The cells beside the name: of a row, and of the totals. */
export function FigureCells(props: FigureCellsProps): JSX.Element {
  const { sheet, row, active, figures } = props;
  return (
    <>
      {sheet.columns.map((column, index) => (
        <div
          key={column.name}
          class={column.kind === "metric" ? "cell number" : "cell"}
          role="gridcell"
          {...cellFocus(row, index + 1, active)}
        >
          {figures === null ? <Skeleton height={12} /> : <Content {...props} column={column} figures={figures} />}
        </div>
      ))}
    </>
  );
}

type ContentProps = FigureCellsProps & { readonly column: Column; readonly figures: object };

function Content({ column, ...props }: ContentProps): JSX.Element | null {
  if (column.kind === "metric") return <Value column={column} {...props} />;
  const found = textOf(props.figures, column.name);
  if (found === "") return null;
  return <Name text={column.name === "source" ? sourceName(found) : found} />;
}

function Value({ sheet, column, figures, changes, of, barOf }: ContentProps & { column: MetricColumn }): JSX.Element {
  const share = barOf?.(column.name) ?? null;
  return (
    <>
      {share !== null && <span class="cell-bar" aria-hidden="true" style={{ "--share": share.toFixed(4) }} />}
      <Explained metric={column.metric} figures={figures} currency={sheet.currency} of={of} tabIndex={-1} />
      {sheet.changes && <ChangeBeside metric={column.metric} changes={changes} />}
    </>
  );
}

function ChangeBeside({ metric, changes }: { readonly metric: Metric; readonly changes: object | null }): JSX.Element {
  return (
    <span class="change">
      {changes !== null && (
        <Change
          metric={metric}
          percent={figureOf(changes, `${metric.name}_delta_pct`)}
          reason={deltaReason(changes, metric.name)}
        />
      )}
    </span>
  );
}
