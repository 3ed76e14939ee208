import { describe, expect, it } from "vitest";
import { moved } from "../../src/pages/explorer/keyboard";

const BOUNDS = { rows: 52, columns: 9, page: 20 };
const FROM = { row: 30, column: 4 };

function press(key: string, ctrlKey = false): ReturnType<typeof moved> {
  return moved({ key, ctrlKey, metaKey: false }, FROM, BOUNDS);
}

describe("keys in the grid", () => {
  it("move by cells, rows and pages", () => {
    expect(press("ArrowUp")).toEqual({ row: 29, column: 4 });
    expect(press("ArrowRight")).toEqual({ row: 30, column: 5 });
    expect(press("PageUp")).toEqual({ row: 10, column: 4 });
    expect(press("Home")).toEqual({ row: 30, column: 0 });
    expect(press("End")).toEqual({ row: 30, column: 8 });
    expect(press("Home", true)).toEqual({ row: 0, column: 0 });
  });

  it("stop at the edges", () => {
    expect(press("PageDown")).toEqual({ row: 50, column: 4 });
    expect(press("End", true)).toEqual({ row: 51, column: 8 });
    const corner = { row: 0, column: 0 };
    expect(moved({ key: "ArrowLeft", ctrlKey: false, metaKey: false }, corner, BOUNDS)).toEqual(corner);
  });

  it.each(["a", "Tab", "Enter", "Escape"])("leave %s to others", (key) => {
    expect(press(key)).toBeNull();
  });
});
