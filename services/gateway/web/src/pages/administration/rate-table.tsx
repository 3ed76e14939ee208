import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { Button } from "../../components/button";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { type Column, Table } from "../../components/table";
import { formatDay, formatMoment } from "../../format/dates";
import { sourceName } from "../../shell/scope-bar";
import { formatCpm } from "./cpm";
import { type User, emailOf, useUsers } from "./directory";
import { type Rate, lastDayOf, standingOf } from "./timeline";

type Line = Answer<"/clients/{client_id}/cpm/history">["data"][number];

interface RateTableProps {
  readonly history: readonly Line[];
  readonly rates: readonly Rate[];
  readonly today: string;
  readonly onDelete: (rate: Rate) => void;
}

/** Every CPM that was set, the newest first. */
export function RateTable({ history, rates, today, onDelete }: RateTableProps): JSX.Element {
  const users = useUsers().data?.data;
  return (
    <Table
      caption="CPMs, the newest first"
      columns={columnsOf({ rates, today, users, onDelete })}
      rows={history}
      rowKey={(line) => line.id ?? ""}
    />
  );
}

interface Given extends Omit<RateTableProps, "history"> {
  readonly users: readonly User[] | undefined;
}

function columnsOf({ rates, today, users, onDelete }: Given): readonly Column<Line>[] {
  const rateOf = (line: Line): Rate | undefined => rates.find(({ id }) => id === line.id);
  return [
    { key: "source", title: "For", cell: ({ source }) => <For source={typeof source === "string" ? source : null} /> },
    {
      key: "cpm",
      title: "CPM",
      kind: "number",
      cell: ({ cpm, currency }) => <data value={String(cpm)}>{formatCpm(cpm, currency)}</data>,
    },
    { key: "from", title: "From", cell: ({ effective_date: day }) => formatDay(day) },
    { key: "until", title: "Until", cell: (line) => <Until rates={rates} rate={rateOf(line)} /> },
    { key: "standing", title: "Status", cell: (line) => <Standing rates={rates} rate={rateOf(line)} today={today} /> },
    {
      key: "by",
      title: "Set by",
      cell: ({ created_by: by }) =>
        by === null ? (
          <span class="muted">–</span>
        ) : (
          <span class="cell-name">
            <Name text={emailOf(users, by)} />
          </span>
        ),
    },
    { key: "at", title: "Set on", cell: ({ created_at: at, updated_at: changed }) => formatMoment(changed ?? at) },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (line) => <DeleteButton line={line} rate={rateOf(line)} onDelete={onDelete} />,
    },
  ];
}

/** What a CPM is for. */
export function For({ source }: { readonly source: string | null }): JSX.Element {
  if (source === null) return <span>All sources without their own</span>;
  return (
    <span class="row">
      <span class="dot" data-source={source} />
      {sourceName(source)}
    </span>
  );
}

function Until({ rates, rate }: { readonly rates: readonly Rate[]; readonly rate: Rate | undefined }): JSX.Element {
  const last = rate === undefined ? null : lastDayOf(rates, rate);
  return last === null ? <span class="muted">Further notice</span> : <>{formatDay(last)}</>;
}

interface StandingProps {
  readonly rates: readonly Rate[];
  readonly rate: Rate | undefined;
  readonly today: string;
}

function Standing({ rates, rate, today }: StandingProps): JSX.Element | null {
  if (rate === undefined) return null;
  const standing = standingOf(rates, rate, today);
  if (standing === "past") return <span class="muted">Past</span>;
  return <Badge>{standing === "in force" ? "In force" : "To come"}</Badge>;
}

interface DeleteButtonProps {
  readonly line: Line;
  readonly rate: Rate | undefined;
  readonly onDelete: (rate: Rate) => void;
}

function DeleteButton({ line, rate, onDelete }: DeleteButtonProps): JSX.Element | null {
  if (rate === undefined) return null;
  const label = `Delete the CPM ${formatCpm(line.cpm, line.currency)} from ${formatDay(line.effective_date)}`;
  return (
    <span class="cell-actions">
      <Button kind="quiet" label={label} onClick={() => onDelete(rate)}>
        Delete
      </Button>
    </span>
  );
}
