import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Check, Checks } from "../../components/check";
import { Dialog } from "../../components/dialog";
import { Form } from "../../components/form";
import { Name } from "../../components/name";
import { Picker } from "../../components/picker";
import { Select } from "../../components/select";
import { TextArea } from "../../components/text-area";
import { toast } from "../../components/toast";
import { choiceOf } from "./chosen-client";
import { useClients } from "./directory";
import { FORMATS, FREQUENCIES, type Report, type ReportDraft, addressesIn, draftOf, scheduleOf } from "./report-draft";

interface ReportFormProps {
  /** Null: a new one, of this client if it is known. */
  readonly report: Report | null;
  readonly client: string | null;
  readonly onClose: () => void;
}

const FIELDS = ["formats", "recipients", "frequency"];

export function ReportForm({ report, client, onClose }: ReportFormProps): JSX.Element {
  const [draft, setDraft] = useState(draftOf(report, client));
  const action = useAction(async () => {
    await save(report, draft);
    invalidate("/reports");
    toast(report === null ? "The report is scheduled." : "The schedule is changed.");
    onClose();
  });
  const change = (changes: Partial<ReportDraft>): void => setDraft({ ...draft, ...changes });
  const addresses = addressesIn(draft.recipients).length;
  return (
    <Dialog title={report === null ? "Schedule a report" : "Edit the schedule"} onClose={onClose}>
      <Form
        action={action}
        submit={report === null ? "Schedule" : "Save"}
        fields={FIELDS}
        disabled={draft.client === null}
        onCancel={onClose}
      >
        {report === null ? (
          <ReportClient draft={draft} onChange={change} />
        ) : (
          <p>
            About <Name text={report.client_name ?? ""} />
          </p>
        )}
        <Select
          label="Sent"
          value={draft.frequency}
          options={FREQUENCIES}
          onChange={(frequency) => change({ frequency })}
          hint="In the morning, there; a day later where data is missing, and then it says so"
        />
        <Checks
          label="Formats"
          values={draft.formats}
          options={FORMATS}
          onChange={(formats) => change({ formats })}
          errors={errorsAt(action.error, "formats")}
        />
        <TextArea
          label="Recipients"
          required
          rows={4}
          value={draft.recipients}
          onInput={(recipients) => change({ recipients })}
          hint={`One a line, or with commas; ${addresses} of at most 50`}
          errors={errorsAt(action.error, "recipients")}
        />
        <Check
          label="Active"
          checked={draft.isActive}
          onChange={(isActive) => change({ isActive })}
          hint="What waits to be sent goes to the recipients as they are now."
        />
      </Form>
    </Dialog>
  );
}

interface ReportClientProps {
  readonly draft: ReportDraft;
  readonly onChange: (changes: Partial<ReportDraft>) => void;
}

function ReportClient({ draft, onChange }: ReportClientProps): JSX.Element {
  const clients = useClients().data?.data ?? [];
  return (
    <div class="field">
      <span class="label" aria-hidden="true">
        About
      </span>
      <Picker
        label="About"
        value={draft.client}
        choices={clients.map(choiceOf)}
        onChoose={(client) => onChange({ client })}
      />
    </div>
  );
}

async function save(report: Report | null, draft: ReportDraft): Promise<void> {
  const schedule = scheduleOf(draft);
  if (report !== null) {
    await request("put", "/reports/{report_id}", { at: { report_id: report.id ?? "" }, body: schedule });
  } else if (draft.client !== null) {
    await request("post", "/reports", { body: { ...schedule, client_id: draft.client } });
  }
}
