/** A client as somebody edits it, and what of that is sent. */
import { type Body } from "../../api/client";
import { isRecord } from "../../api/errors";
import { type Client } from "./directory";

export interface ClientDraft {
  readonly name: string;
  readonly user: string | null;
  readonly currency: string;
  readonly timezone: string;
  readonly showCost: boolean;
  /** An address, or the picture itself as `data:`. */
  readonly logo: string | null;
  /** As typed; empty: the usual value. */
  readonly ctrBelow: string;
  readonly spendOver: string;
  readonly conversionsUnder: string;
}

/** What holds where nothing else was agreed. */
export const USUAL = { ctrBelow: "0.5", spendOver: "100", conversionsUnder: "5" } as const;

export function draftOf(client: Client | null): ClientDraft {
  const settings = client?.settings ?? {};
  const thresholds = isRecord(settings.thresholds) ? settings.thresholds : {};
  const typed = (name: string): string => {
    const value = thresholds[name];
    return typeof value === "number" || typeof value === "string" ? String(value) : "";
  };
  return {
    name: client?.name ?? "",
    user: client?.user_id ?? null,
    currency: client?.currency ?? "USD",
    timezone: client?.timezone ?? "UTC",
    showCost: settings.show_media_cost === true,
    logo: typeof settings.logo === "string" ? settings.logo : null,
    ctrBelow: typed("ctr_below"),
    spendOver: typed("spend_over"),
    conversionsUnder: typed("conversions_under"),
  };
}

type Settings = NonNullable<Body<"/clients", "post">["settings"]>;

/** The whole of a new client. */
export function newClient(draft: ClientDraft): Body<"/clients", "post"> {
  const { name, user, currency, timezone } = draft;
  return { name: name.trim(), user_id: user, currency, timezone, settings: settingsOf(draft) };
}

/** What differs; nothing of what is left out changes. Null: nothing does. */
export function changesOf(client: Client, draft: ClientDraft): Body<"/clients/{client_id}", "put"> | null {
  const before = draftOf(client);
  const changes: Body<"/clients/{client_id}", "put"> = {};
  if (draft.name.trim() !== before.name) changes.name = draft.name.trim();
  if (draft.user !== before.user) changes.user_id = draft.user;
  if (draft.currency !== before.currency) changes.currency = draft.currency;
  if (draft.timezone !== before.timezone) changes.timezone = draft.timezone;
  if (isOtherwiseAgreed(before, draft)) changes.settings = settingsOf(draft);
  return Object.keys(changes).length > 0 ? changes : null;
}

function isOtherwiseAgreed(before: ClientDraft, draft: ClientDraft): boolean {
  return JSON.stringify(settingsOf(before)) !== JSON.stringify(settingsOf(draft));
}

/** Thresholds go along only where one was typed; null takes them, or the logo, away again. Numbers are sent as typed, exactly. */
function settingsOf(draft: ClientDraft): Settings {
  const { showCost, logo, ctrBelow, spendOver, conversionsUnder } = draft;
  const isUsual = [ctrBelow, spendOver, conversionsUnder].every((typed) => typed.trim() === "");
  return {
    show_media_cost: showCost,
    logo,
    thresholds: isUsual
      ? null
      : {
          ctr_below: ctrBelow.trim() || USUAL.ctrBelow,
          spend_over: spendOver.trim() || USUAL.spendOver,
          conversions_under: Number(conversionsUnder.trim() || USUAL.conversionsUnder),
        },
  };
}
