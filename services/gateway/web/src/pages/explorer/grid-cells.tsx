import { type JSX } from "preact";
import { deltaReason, figureOf, textOf } from "../../api/figures";
import { type Metric, type MetricName } from "../../api/metrics";
import { Change } from "../../components/figure";
import { Name } from "../../components/name";
import { Skeleton } from "../../components/notes";
import { Explained } from "../../explain/explained";
import { type ExplainQuery } from "../../explain/question";
import { sourceName } from "../../shell/scope-bar";
import { type Column } from "./columns";
import { type Sheet, cellKey } from "./sheet";

export interface CellPlace {
  /** Counted from the head of the table. */
  readonly row: number;
  /** Whether Tab comes to this column of the row; null: to none. */
  readonly active: number | null;
}

interface FigureCellsProps {
  readonly sheet: Sheet;
  readonly place: CellPlace;
  readonly figures: object;
  readonly changes: object | null;
  readonly of: ExplainQuery | null;
  readonly barOf?: (name: string) => number | null;
}

/** The cells beside the name: of a row, and of the totals. */
export function FigureCells({ sheet, place, figures, changes, of, barOf }: FigureCellsProps): JSX.Element {
  return (
    <>
      {sheet.columns.map((column, index) => {
        const at = { row: place.row, column: index + 1, isActive: place.active === index + 1 };
        if (column.kind === "text") return <TextCell key={column.name} column={column} figures={figures} at={at} />;
        return (
          <div key={column.name} class="cell number" role="gridcell" aria-colindex={index + 2}>
            <Bar share={barOf?.(column.name) ?? null} />
            <Explained
              metric={column.metric as Metric & { readonly name: MetricName }}
              figures={figures}
              currency={sheet.currency}
              of={of}
              tabIndex={at.isActive ? 0 : -1}
              cell={cellKey(at.row, at.column)}
            />
            {sheet.changes && <ChangeBeside metric={column.metric} changes={changes} />}
          </div>
        );
      })}
    </>
  );
}

function Bar({ share }: { readonly share: number | null }): JSX.Element | null {
  if (share === null) return null;
  return <span class="bar" aria-hidden="true" style={{ "--share": share.toFixed(4) }} />;
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

interface TextCellProps {
  readonly column: Column;
  readonly figures: object;
  readonly at: { readonly row: number; readonly column: number; readonly isActive: boolean };
}

function TextCell({ column, figures, at }: TextCellProps): JSX.Element {
  const found = textOf(figures, column.name);
  const shown = column.name === "source" ? sourceName(found) : found;
  return (
    <div class="cell" role="gridcell" aria-colindex={at.column + 1}>
      <span class="cell-text" tabIndex={at.isActive ? 0 : -1} data-cell={cellKey(at.row, at.column)}>
        {shown === "" ? "" : <Name text={shown} />}
      </span>
    </div>
  );
}

export function WaitingCells({ columns }: { readonly columns: readonly Column[] }): JSX.Element {
  return (
    <>
      {columns.map((column, index) => (
        <div key={column.name} class="cell" role="gridcell" aria-colindex={index + 2}>
          <Skeleton height={12} />
        </div>
      ))}
    </>
  );
}
