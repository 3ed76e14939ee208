import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { DayFilter } from "../../components/day-filter";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { type Column, Table } from "../../components/table";
import { formatMoment } from "../../format/dates";
import { NOTHING } from "../../format/numbers";
import { auditedValues } from "./audited";
import { type OperationsView } from "./state";
import { TextFilter } from "./text-filter";
import { textIn } from "./words";

type Line = Answer<"/admin/audit-logs">["data"][number];

const PAGE_SIZE = 50;

/** Who did what. Lines are never changed. */
export function Audit({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const lines = useResource("/admin/audit-logs", {
    query: {
      email: state.email,
      action: state.action,
      entity: state.entity,
      entity_id: state.entity_id,
      start_date: state.from,
      end_date: state.to,
      page: state.page,
      page_size: PAGE_SIZE,
    },
  });
  const field = (name: "email" | "action" | "entity" | "entity_id", label: string): JSX.Element => (
    <TextFilter label={label} value={state[name]} onChange={(value) => change({ [name]: value, page: 1 })} />
  );
  return (
    <Card title="Audit log" controls={<p class="muted small">Days are UTC.</p>}>
      <div class="filters">
        {field("email", "Address contains …")}
        {field("action", "Action, as rate.set")}
        {field("entity", "Entity, as client")}
        {field("entity_id", "Id of the entity")}
        <DayFilter start={state.from} end={state.to} onChange={(days) => change({ ...days, page: 1 })} />
      </div>
      <Loaded resource={lines} height={480}>
        {({ data, total, page, page_size: size }) =>
          data.length === 0 && total === 0 ? (
            <Empty title="No line is of this kind">
              <p>Actions and entities must be given in full.</p>
            </Empty>
          ) : (
            <>
              <Table
                caption="Lines of the audit log"
                rows={data}
                rowKey={(line) => String(line.id)}
                columns={columnsOf((changes) => change({ ...changes, page: 1 }))}
              />
              <Pager
                label="Pages of the audit log"
                page={page ?? 1}
                pageSize={size ?? PAGE_SIZE}
                total={total ?? data.length}
                onPage={(to) => change({ page: to })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

type Narrow = (changes: { action?: string; entity?: string; entity_id?: string; email?: string }) => void;

function columnsOf(narrow: Narrow): readonly Column<Line>[] {
  const only = (text: string, changes: Parameters<Narrow>[0]): JSX.Element => (
    <button type="button" class="link" title={`Only these: ${text}`} onClick={() => narrow(changes)}>
      <Name text={text} />
    </button>
  );
  return [
    { key: "when", title: "When", cell: (line) => <span class="nowrap">{formatMoment(line.created_at)}</span> },
    {
      key: "who",
      title: "Who",
      cell: (line) =>
        line.user_email === null ? (
          <span class="muted">Nobody signed in</span>
        ) : (
          only(line.user_email, { email: line.user_email })
        ),
    },
    {
      key: "action",
      title: "Action",
      cell: (line) => (line.action === null ? NOTHING : only(line.action, { action: line.action })),
    },
    {
      key: "entity",
      title: "Entity",
      cell: (line) => {
        const { entity, entity_id: which } = line;
        if (entity === null) return NOTHING;
        return which === null ? only(entity, { entity }) : only(`${entity} ${which}`, { entity, entity_id: which });
      },
    },
    { key: "changed", title: "What changed", cell: (line) => <Changed line={line} /> },
    {
      key: "from",
      title: "From",
      cell: (line) => <Name text={[textIn(line.ip), textIn(line.user_agent)].filter(Boolean).join(" · ") || NOTHING} />,
    },
  ];
}

const SHOWN = 2;

function named(field: string): string {
  return field.replaceAll("_", " ");
}

function Changed({ line }: { readonly line: Line }): JSX.Element {
  const values = auditedValues(line.old_values, line.new_values);
  return (
    <details class="changed">
      <summary>
        {values.length === 0 ? (
          <span class="muted">No values</span>
        ) : (
          <span class="name">
            {values
              .slice(0, SHOWN)
              .map(({ field, after }) => `${named(field)}: ${after ?? "removed"}`)
              .join(", ")}
            {values.length > SHOWN && " …"}
          </span>
        )}
      </summary>
      <dl>
        {values.map(({ field, before, after }) => (
          <div key={field}>
            <dt>{named(field)}</dt>
            <dd>
              {before !== undefined && <del><bdi>{before}</bdi></del>} {after !== undefined && <bdi>{after}</bdi>}
            </dd>
          </div>
        ))}
        <div>
          <dt>Position in the chain</dt>
          <dd>
            {line.position} <code class="small">{line.hash}</code>
          </dd>
        </div>
      </dl>
    </details>
  );
}
