import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Name } from "../../components/name";
import { Note } from "../../components/notes";
import { Part } from "../../components/part";
import { RejectedRows } from "../../components/rejected-rows";
import { formatDay, formatMoment, formatRange } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { type OnDuplicate, type Preview, type Warning } from "./api";
import { spanOf } from "./changes";
import { ChangedRows, ControlTotals, Definitions, GrainRows, Totals } from "./look-tables";

interface LookProps {
  readonly preview: Preview;
  readonly currency: string | null;
  /** Looks again with another answer to rows that exist. */
  readonly onInstead: (onDuplicate: OnDuplicate) => void;
}

/** What loading a file would change. Nothing has changed yet. */
export function Look({ preview, currency, onInstead }: LookProps): JSX.Element {
  return (
    <div class="stack">
      <Verdict preview={preview} onInstead={onInstead} />
      <Counts preview={preview} />
      <Warnings warnings={preview.warnings} />
      <Part title="Totals of these days, before and after" open>
        <Totals totals={preview.totals} currency={currency} />
      </Part>
      {preview.new_campaigns.length > 0 && (
        <Part title={`New campaigns: ${formatCount(preview.new_campaigns.length)}`} open>
          <ul class="name-list">
            {preview.new_campaigns.map((name) => (
              <li key={name}>
                <Name text={name} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {preview.changed.count > 0 && (
        <Part title={`Rows that change: ${formatCount(preview.changed.count)}`} open>
          <ChangedRows rows={preview.changed.rows} count={preview.changed.count} currency={currency} />
        </Part>
      )}
      {preview.vanishing.count > 0 && (
        <Part title={`Rows that vanish: ${formatCount(preview.vanishing.count)}`} open>
          <GrainRows caption="Rows that vanish" examples={preview.vanishing} />
        </Part>
      )}
      {preview.rows_rejected > 0 && (
        <Part title={`Rows that are rejected: ${formatCount(preview.rows_rejected)}`} open>
          <RejectedRows rows={preview.rejected_rows} />
          {preview.rejected_rows.length < preview.rows_rejected && (
            <p class="muted small">The first {formatCount(preview.rejected_rows.length)} of them.</p>
          )}
        </Part>
      )}
      <Part title="Days of the file">
        <Days preview={preview} />
      </Part>
      <Part title="Which columns count, and what the file says of itself">
        <Definitions definitions={preview.definitions} />
        <ControlTotals said={preview.control_totals} after={preview.totals.after} currency={currency} />
      </Part>
    </div>
  );
}

function Verdict({ preview, onInstead }: Omit<LookProps, "currency">): JSX.Element {
  const { already_loaded: earlier, duplicates, would_be } = preview;
  if (earlier !== null) {
    return (
      <Note kind="warning">
        These very bytes were uploaded before, as <Name text={earlier.file_name} /> on{" "}
        {formatMoment(earlier.uploaded_at)}. Undo that upload first, to load them again.
      </Note>
    );
  }
  if (would_be === "refused") {
    return (
      <Note kind="warning">
        <p>
          {formatCount(duplicates.count)} rows of the file exist already (day, campaign, ad set and ad), so it would be
          refused. What is to become of them?
        </p>
        <div class="row note-actions">
          <Button onClick={() => onInstead("merge")}>Update them</Button>
          <Button onClick={() => onInstead("replace")}>Replace the days of the file</Button>
        </div>
        <GrainRows caption="Rows that exist already" examples={duplicates} />
      </Note>
    );
  }
  return <p class="muted">This is what would change. Nothing has changed yet.</p>;
}

function Counts({ preview }: { readonly preview: Preview }): JSX.Element {
  const span = spanOf(preview.dates);
  const counts: readonly (readonly [string, number])[] = [
    ["Rows read", preview.rows_read],
    ["Added", preview.added],
    ["Changed", preview.changed.count],
    ["Unchanged", preview.unchanged],
    ["Vanishing", preview.vanishing.count],
    ["Merged", preview.rows_merged],
    ["Rejected", preview.rows_rejected],
  ];
  return (
    <dl class="tiles-small">
      {counts.map(([name, count]) => (
        <div key={name} data-trouble={count > 0 && (name === "Rejected" || name === "Vanishing")}>
          <dt>{name}</dt>
          <dd>
            <data value={String(count)}>{formatCount(count)}</data>
          </dd>
        </div>
      ))}
      <div class="tile-wide">
        <dt>{span === null ? "Days" : `Days: ${formatCount(span.count)}`}</dt>
        <dd>{span === null ? "None" : formatRange(span)}</dd>
      </div>
    </dl>
  );
}

export function Warnings({ warnings }: { readonly warnings: readonly Warning[] }): JSX.Element | null {
  if (warnings.length === 0) return null;
  return (
    <Note kind="warning">
      <ul class="reasons">
        {warnings.map((warning, index) => (
          <li key={index}>
            <bdi>{warning.message}</bdi>
          </li>
        ))}
      </ul>
    </Note>
  );
}

function Days({ preview }: { readonly preview: Preview }): JSX.Element {
  return (
    <ul class="days">
      {preview.dates.map(({ date, rows }) => (
        <li key={date}>
          <span>{formatDay(date)}</span>
          <span class="muted number">{formatCount(rows)} rows</span>
        </li>
      ))}
    </ul>
  );
}
