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

type AgreedDraft = Omit<ClientDraft, "name" | "user" | "currency" | "timezone">;

/** What holds where nothing else was agreed. */
export const USUAL = { ctrBelow: "0.5", spendOver: "100", conversionsUnder: "5" } as const;
const NEW = { name: "", user_id: null, currency: "USD", timezone: "UTC", settings: null } as const;

export function draftOf(client: Client | null): ClientDraft {
  const { name, user_id: user, currency, timezone, settings } = client ?? NEW;
  return {
    name: name ?? "",
    user,
    currency: currency ?? NEW.currency,
    timezone: timezone ?? NEW.timezone,
    ...agreed(settings ?? {}),
  };
}

function agreed(settings: Readonly<Record<string, unknown>>): AgreedDraft {
  const thresholds = isRecord(settings.thresholds) ? settings.thresholds : {};
  const typed = (name: string): string => {
    const value = thresholds[name];
    return typeof value === "number" || typeof value === "string" ? String(value) : "";
  };
  return {
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

/** Null takes the thresholds, or the logo, away again. Numbers are sent as typed: exactly. */
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
