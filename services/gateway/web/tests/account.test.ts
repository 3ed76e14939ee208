import { describe, expect, it } from "vitest";
import { deviceName } from "../src/pages/account/devices";
import { expiresAt } from "../src/pages/account/expiry";
import { QUIET, qrOf } from "../src/pages/account/qr";
import { hrefOfView, isShown, stateOf } from "../src/state/saved-views";

const URI = "otpauth://totp/Tidemark:you%40agency.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Tidemark";

describe("devices", () => {
  const mozilla = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
  it.each([
    [`${mozilla} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Linux"],
    [`${mozilla} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`, "Edge on Linux"],
    ["Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"],
    ["python-httpx/0.28", "python-httpx/0.28"],
    ["Mozilla/5.0", "Browser"],
    [null, "Unknown"],
  ])("%s is %s", (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});

describe("the end of an API key", () => {
  const now = new Date("2026-03-10T12:00:00Z");

  it("is after a count of days, at the end of a day, or never", () => {
    expect(expiresAt("30", "", now)).toBe("2026-04-09T12:00:00.000Z");
    expect(expiresAt("never", "", now)).toBeNull();
    const end = new Date(expiresAt("day", "2026-03-31", now) ?? "");
    expect([end.getDate(), end.getHours()]).toEqual([1, 0]);
  });
});

describe("a QR code", () => {
  const { size, path } = qrOf(URI);

  it("has a size of the standard, with its frame", () => {
    expect((size - 2 * QUIET - 17) % 4).toBe(0);
  });

  it("begins with the finder pattern: seven dark modules in its corner", () => {
    expect(path.startsWith(`M${QUIET} ${QUIET}h7v1h-7z`)).toBe(true);
  });

  it("is another one for another text", () => {
    expect(qrOf(`${URI}x`).path).not.toBe(path);
  });
});

describe("saved views", () => {
  const isPage = (path: string): boolean => path.startsWith("/explorer");
  const place = { path: "/explorer", query: new URLSearchParams("client=1&range=last_7_days") };

  it("lead back to where they were saved", () => {
    const href = hrefOfView(stateOf(place), isPage);
    expect(href).toBe("/explorer?client=1&range=last_7_days");
    expect(isShown(href ?? "", { ...place, query: new URLSearchParams("range=last_7_days&client=1") })).toBe(true);
    expect(isShown(href ?? "", { ...place, query: new URLSearchParams("client=1") })).toBe(false);
  });

  it.each([
    null,
    { source: "vibe", by: "week" },
    { path: "//evil.example/explorer", query: "" },
    { path: "javascript:alert(1)", query: "" },
    { path: "/explorer/../api", query: "" },
    { path: "/nowhere", query: "" },
    { path: 7 },
  ])("that are none of this page lead nowhere: %j", (state) => {
    expect(hrefOfView(state, isPage)).toBeNull();
  });

  it("cannot smuggle anything in with their query", () => {
    expect(hrefOfView({ path: "/explorer", query: "a=1#x&b=<img>" }, isPage)).toBe("/explorer?a=1%23x&b=%3Cimg%3E");
  });
});
