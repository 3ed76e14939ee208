import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { type Column } from "../../components/table";
import { formatDay } from "../../format/dates";
import { type Sorting, sortedBy } from "../../state/sorting";
import { type Report } from "./report-draft";

type Sorts = "client_name" | "created_at";
const NAMES: readonly Sorts[] = ["client_name"];
/** More are counted. */
const NAMED = 1;

interface Given {
  /** The id of the one whose deliveries are seen. */
  readonly shown: string | null;
  readonly sorting: Sorting<Sorts>;
  readonly onSort: (next: Sorting<Sorts>) => void;
  readonly onShow: (id: string | null) => void;
  readonly onEdit: (report: Report) => void;
  readonly onDelete: (report: Report) => void;
}

export function columnsOf(given: Given): readonly Column<Report>[] {
  const sorted = (column: Sorts): Pick<Column<Report>, "sorted" | "onSort"> =>
    sortedBy(given.sorting, column, NAMES, given.onSort);
  return [
    {
      key: "client",
      title: "Client",
      ...sorted("client_name"),
      cell: ({ client_name: name }) => (
        <span class="cell-name">
          <Name text={name ?? ""} />
        </span>
      ),
    },
    { key: "frequency", title: "Sent", cell: ({ frequency }) => (frequency === "monthly" ? "Monthly" : "Weekly") },
    {
      key: "formats",
      title: "As",
      cell: ({ formats }) => formats.map((each) => (each ?? "").toUpperCase()).join(", "),
    },
    { key: "recipients", title: "To", cell: ({ recipients }) => <Recipients addresses={recipients} /> },
    {
      key: "status",
      title: "Status",
      cell: ({ is_active: on }) => (on === true ? <Badge>Active</Badge> : <Badge kind="warning">Paused</Badge>),
    },
    { key: "created", title: "Since", ...sorted("created_at"), cell: ({ created_at: at }) => formatDay(at) },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (report) => <Actions report={report} {...given} />,
    },
  ];
}

export function Recipients({ addresses }: { readonly addresses: readonly (string | null)[] }): JSX.Element {
  const all = addresses.map((address) => address ?? "");
  return (
    <span class="cell-name row" title={all.join("\n")}>
      {all.slice(0, NAMED).map((address) => (
        <Name key={address} text={address} />
      ))}
      {all.length > NAMED && <span class="muted">and {all.length - NAMED} more</span>}
    </span>
  );
}

interface ActionsProps extends Given {
  readonly report: Report;
}

function Actions({ report, shown, onShow, onEdit, onDelete }: ActionsProps): JSX.Element {
  const name = report.client_name ?? "";
  const isShown = shown === report.id;
  return (
    <span class="cell-actions">
      <Button
        kind="quiet"
        label={`${isShown ? "Hide log" : "Log"} of what was sent about ${name}`}
        onClick={() => onShow(report.id)}
      >
        {isShown ? "Hide log" : "Log"}
      </Button>
      <Button kind="quiet" label={`Edit the schedule of ${name}`} onClick={() => onEdit(report)}>
        Edit
      </Button>
      <Button kind="quiet" label={`End the schedule of ${name}`} onClick={() => onDelete(report)}>
        End
      </Button>
    </span>
  );
}
