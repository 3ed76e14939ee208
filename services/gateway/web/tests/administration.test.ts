import { describe, expect, it } from "vitest";
import { errorsAt, isToldAt } from "../src/api/action";
import { ApiError } from "../src/api/errors";
import { changesOf, draftOf as clientDraft, newClient } from "../src/pages/administration/client-draft";
import { type Client, type User, otherClients } from "../src/pages/administration/directory";
import { expectedFile, slug } from "../src/pages/administration/expected-file";
import { madePassword } from "../src/pages/administration/passwords";
import { pictureOf, refusalOf } from "../src/pages/administration/picture";
import { addressesIn } from "../src/pages/administration/report-draft";
import { bodyOf, credentialsOf, draftOf, type Settings } from "../src/pages/administration/source-draft";
import { nextSorting, orderOf } from "../src/state/sorting";

const CLIENT: Client = {
  id: "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10",
  name: "Northwind",
  status: "active",
  user_id: "7b8c9d0e-1f2a-4b3c-8d4e-5f6a7b8c9d16",
  currency: "USD",
  timezone: "UTC",
  settings: { show_media_cost: false, thresholds: { ctr_below: 0.4, spend_over: 100, conversions_under: 5 } },
  created_at: null,
  updated_at: null,
};

describe("a client", () => {
  it("is not changed by being looked at", () => {
    expect(changesOf(CLIENT, clientDraft(CLIENT))).toBeNull();
  });

  it("is changed in what differs alone", () => {
    const draft = clientDraft(CLIENT);
    expect(changesOf(CLIENT, { ...draft, name: " Northwind Ltd " })).toEqual({ name: "Northwind Ltd" });
    expect(changesOf(CLIENT, { ...draft, user: null })).toEqual({ user_id: null });
    expect(changesOf(CLIENT, { ...draft, showCost: true })?.settings?.show_media_cost).toBe(true);
  });

  it("loses its thresholds where none is typed any more", () => {
    const draft = { ...clientDraft(CLIENT), ctrBelow: "", spendOver: "", conversionsUnder: " " };
    expect(changesOf(CLIENT, draft)?.settings?.thresholds).toBeNull();
  });

  it("sends numbers as they were typed", () => {
    const draft = { ...clientDraft(null), name: "=1+1", spendOver: "0.1000" };
    expect(newClient(draft).name).toBe("=1+1");
    expect(newClient(draft).settings.thresholds).toEqual({
      ctr_below: "0.5",
      spend_over: "0.1000",
      conversions_under: 5,
    });
  });
});

describe("the user of a client that is disabled", () => {
  const second: Client = { ...CLIENT, id: "7a8b9c0d-3f0b-4a51-9c69-0f6f4c1f7a10" };
  const user = { client_ids: [CLIENT.id, second.id] } as User;

  it("goes on with another active client, and not with one that is disabled", () => {
    expect(otherClients(user, [CLIENT, second], CLIENT.id)).toEqual([second.id]);
    expect(otherClients(user, [CLIENT, { ...second, status: "disabled" }], CLIENT.id)).toEqual([]);
    expect(otherClients(user, [CLIENT], CLIENT.id)).toEqual([second.id]);
  });
});

describe("a logo", () => {
  it("is a picture that fits into a setting", async () => {
    expect(refusalOf({ type: "image/svg+xml", size: 10 })).toContain("neither");
    expect(refusalOf({ type: "image/png", size: 300_000 })).toContain("300 kB");
    expect(refusalOf({ type: "image/png", size: 290_000 })).toBeNull();
    expect(await pictureOf(new Blob(["x"], { type: "image/png" }))).toBe("data:image/png;base64,eA==");
  });

  it("is taken away by null, and stays as it was where only something else changes", () => {
    const logo = "data:image/png;base64,eA==";
    const client = { ...CLIENT, settings: { ...CLIENT.settings, logo } };
    const draft = clientDraft(client);
    expect(changesOf(client, draft)).toBeNull();
    expect(changesOf(client, { ...draft, logo: null })?.settings?.logo).toBeNull();
    expect(changesOf(client, { ...draft, showCost: true })?.settings?.logo).toBe(logo);
  });
});

const SETTINGS: Settings = {
  client_id: CLIENT.id,
  source: "surfside",
  enabled: true,
  bucket: "reports",
  prefix: "surfside",
  file_pattern: "media-report-{date}.csv",
  parts: "all",
  due_by: "12:30:00",
  default_campaign: null,
  column_map: { campaign: "Line item", clicks: null, creative: ["Ad", "Banner"] },
  date_format: null,
  timezone: null,
  settling_days: 0,
  advertiser_id: null,
  strict: true,
  max_bad_share: 0.07,
  max_shrink_share: 0.5,
  created_at: null,
  updated_at: null,
};

describe("settings of a source", () => {
  it("come back as they were, as all of them are replaced", () => {
    expect(bodyOf(draftOf(SETTINGS))).toEqual({
      enabled: true,
      bucket: "reports",
      prefix: "surfside",
      file_pattern: "media-report-{date}.csv",
      parts: "all",
      due_by: "12:30",
      default_campaign: null,
      column_map: { campaign: "Line item", clicks: null, creative: ["Ad", "Banner"] },
      date_format: null,
      timezone: null,
      settling_days: 0,
      advertiser_id: null,
      strict: true,
      max_bad_share: 0.07,
      max_shrink_share: 0.5,
    });
  });

  it("leave out a column without a title, and send what is no number as it is", () => {
    const draft = { ...draftOf(SETTINGS), columns: [{ field: "date" as const, isThere: true, titles: " \n" }] };
    expect(bodyOf(draft).column_map).toEqual({});
    expect(bodyOf({ ...draft, mostBad: "half" }).max_bad_share).toBe("half");
    expect(bodyOf({ ...draft, mostBad: "12,5" }).max_bad_share).toBe(0.125);
  });

  it("never hold a secret", () => {
    expect(credentialsOf(SETTINGS)).toBeNull();
    const stored = {
      advertiser_id: "adv",
      oauth_id: null,
      has_api_key: true,
      has_oauth_secret: false,
      is_active: true,
    };
    const told = credentialsOf({ ...SETTINGS, vibe_credentials: stored } as Settings);
    expect(told).toMatchObject({ advertiser: "adv", oauthId: "", hasKey: true, hasSecret: false });
  });

  it("say where a file is expected", () => {
    const draft = { ...draftOf(SETTINGS), prefix: "/in/{client}/", pattern: "{yyyymmdd}-*.csv" };
    expect(expectedFile(draft, "Café Río & Sons", "2026-03-01")).toBe("s3://reports/in/cafe-rio-sons/20260301-*.csv");
    expect(expectedFile({ ...draft, pattern: " " }, "Acme", "2026-03-01")).toBeNull();
    expect(slug("🚀 <img> شركة")).toBe("img");
  });
});

describe("recipients", () => {
  it("are found in what people paste", () => {
    const text = "Nina <nina@northwind.example>; ops@a.example,\nops@a.example b@b.example";
    expect(addressesIn(text)).toEqual(["nina@northwind.example", "ops@a.example", "b@b.example"]);
    expect(addressesIn(" \n,")).toEqual([]);
  });
});

describe("a made password", () => {
  it("is in groups, without letters that look alike", () => {
    expect(madePassword()).toMatch(/^(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/u);
    expect(madePassword()).not.toBe(madePassword());
  });

  it("leaves out bytes that would favour some letters", () => {
    let asked = 0;
    const bytes = (count: number): Uint8Array => new Uint8Array(count).fill((asked += 1) === 1 ? 255 : 0);
    expect(madePassword(bytes)).toBe("aaaa-aaaa-aaaa-aaaa");
    expect(asked).toBe(2);
  });
});

describe("sorting", () => {
  const names = ["name"] as const;
  type Column = "name" | "created_at";

  it("goes upwards by names and downwards by the rest, and around on a second click", () => {
    const byName = { sort: "name" as Column, order: null };
    expect(orderOf<Column>(byName, names)).toBe("asc");
    expect(nextSorting<Column>(byName, "name", names)).toEqual({ sort: "name", order: "desc" });
    expect(nextSorting<Column>({ sort: "name", order: "desc" }, "name", names)).toEqual(byName);
    expect(nextSorting<Column>(byName, "created_at", names)).toEqual({ sort: "created_at", order: null });
  });
});

describe("a refusal", () => {
  const error = new ApiError(422, "VALIDATION_ERROR", "…", { "settings.thresholds.ctr_below": ["is too large"] });

  it("stands at its field, or at the whole where nothing shows the field", () => {
    expect(errorsAt(error, "settings.thresholds.ctr_below")).toEqual(["is too large"]);
    expect(errorsAt(error, "name")).toEqual([]);
    expect(isToldAt(error, ["settings"])).toBe(true);
    expect(isToldAt(error, ["name", "setting"])).toBe(false);
    expect(isToldAt(new ApiError(409, "CONFLICT", "…"), ["name"])).toBe(false);
  });
});
