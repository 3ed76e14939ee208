import { describe, expect, it } from "vitest";
import { parsed } from "../src/api/events";
import { nameIn } from "../src/api/saving";

describe("server-sent events", () => {
  it("are read whole, and the rest is kept", () => {
    const { events, rest } = parsed('event: upload\ndata: {"a":1}\n\nevent: upload\ndata: {"a"');
    expect(events).toEqual([{ event: "upload", data: '{"a":1}' }]);
    expect(rest).toBe('event: upload\ndata: {"a"');
  });

  it("are the same wherever the bytes were cut", () => {
    const text = "event: upload\r\ndata: one\r\ndata: two\r\n\r\n: still here\r\n\r\ndata:three\r\n\r\n";
    for (let cut = 0; cut <= text.length; cut += 1) {
      const first = parsed(text.slice(0, cut));
      const second = parsed(first.rest + text.slice(cut));
      expect([...first.events, ...second.events]).toEqual([
        { event: "upload", data: "one\ntwo" },
        { event: "message", data: "three" },
      ]);
    }
  });

  it("are none where there is no data", () => {
    expect(parsed(": ping\n\nevent: upload\n\n").events).toEqual([]);
  });
});

describe("the name of a saved file", () => {
  it.each([
    ['attachment; filename="rows.csv"', "rows.csv"],
    ["attachment; filename=\"x.csv\"; filename*=UTF-8''r%C3%B6ws.csv", "röws.csv"],
    ["attachment; filename*=UTF-8''%E0%A4%A", null],
    ["inline", null],
    [null, null],
  ])("%s → %s", (header, name) => expect(nameIn(header)).toBe(name));
});
