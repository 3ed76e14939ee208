import { type JSX } from "preact";
import { isRecord } from "../../api/errors";
import { Facts } from "../../components/facts";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Part } from "../../components/part";
import { formatMoment } from "../../format/dates";
import { NOTHING, formatCount } from "../../format/numbers";
import { type RunDetails } from "./run-drawer";
import { type OperationsState, hrefTo } from "./state";
import { SourceName } from "./status";
import { duration, fileName, metricNamed, plain, seconds, textIn } from "./words";

interface RunFactsProps {
  readonly run: RunDetails;
  readonly state: OperationsState;
}

/** Counts and times of a run, and where it comes from. */
export function RunFacts({ run, state }: RunFactsProps): JSX.Element {
  const reloadOf = textIn(run.reload_of);
  return (
    <>
      <Counts run={run} />
      <Facts
        facts={[
          ["Source", <SourceName source={run.source} />],
          run.account === null || run.account === "" ? null : ["Account", <Name text={run.account} />],
          ["File", <FileOf artifact={run.artifact} />],
          ["Delivered", formatMoment(run.delivered_at)],
          ["Started", formatMoment(run.started_at)],
          ["Finished", formatMoment(run.finished_at)],
          ["Took", duration(run.started_at, run.finished_at) ?? NOTHING],
          ["Batches", `${formatCount(run.batches_staged)} of ${formatCount(run.batches_expected)}`],
          run.generation === 0 ? null : ["Generation", formatCount(run.generation)],
          reloadOf === null ? null : ["Reload of", <Link href={hrefTo(state, { run: reloadOf })}>An earlier run</Link>],
          ["Run", <code class="small">{run.run_id}</code>],
        ]}
      />
      <Timings timings={run.timings} />
      <Columns run={run} />
    </>
  );
}

function Counts({ run }: { readonly run: RunDetails }): JSX.Element {
  const counts = [
    ["Read", run.rows_read],
    ["Loaded", run.rows_loaded],
    ["Rejected", run.rows_rejected],
    ["Merged", run.rows_merged],
    ["Without a rate", run.rows_unpriced],
  ] as const;
  return (
    <dl class="tiles-small">
      {counts.map(([name, count]) => (
        <div key={name} data-trouble={(count ?? 0) > 0 && (name === "Rejected" || name === "Without a rate")}>
          <dt>{name}</dt>
          <dd>
            <data value={String(count)}>{formatCount(count)}</data>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FileOf({ artifact }: { readonly artifact: RunDetails["artifact"] }): JSX.Element {
  const name = fileName(artifact);
  if (name === null) return <>{NOTHING}</>;
  const { bucket, key } = artifact ?? {};
  const whole = [bucket, key].map((part) => textIn(part) ?? "").join("/");
  return (
    <bdi class="name" title={whole}>
      {name}
    </bdi>
  );
}

/** What took how long, the longest first. */
function Timings({ timings }: { readonly timings: unknown }): JSX.Element | null {
  const known = Object.entries(isRecord(timings) ? timings : {})
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .sort(([, one], [, other]) => other - one);
  if (known.length === 0) return null;
  const longest = Math.max(...known.map(([, value]) => value), Number.MIN_VALUE);
  return (
    <Part title="Timings">
      <dl class="timings">
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{plain(name)}</dt>
            <dd class="number">{seconds(value)}</dd>
            <dd aria-hidden="true" class="timing">
              <span style={{ inlineSize: `${(value / longest) * 100}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Columns({ run }: { readonly run: RunDetails }): JSX.Element | null {
  const definitions = Object.entries(run.definitions ?? {});
  const said = Object.entries(isRecord(run.control_totals) ? run.control_totals : {});
  if (definitions.length + said.length === 0) return null;
  const label = (name: string): string => metricNamed(name)?.label ?? plain(name);
  const text = (value: unknown): string => (typeof value === "number" ? formatCount(value) : (textIn(value) ?? "–"));
  return (
    <Part title="Which columns count, and what the file says of itself">
      <div class="part-bar">
        <Facts
          facts={[
            ...definitions.map(([name, column]) => [`${label(name)} is`, <Name text={text(column)} />] as const),
            ...said.map(([name, value]) => [`Its total of ${label(name).toLowerCase()}`, text(value)] as const),
          ]}
        />
      </div>
    </Part>
  );
}
