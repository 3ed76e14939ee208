import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { metricOf } from "../src/api/figures";
import { ApiError } from "../src/api/errors";
import { Change, Figure } from "../src/components/figure";
import { Name } from "../src/components/name";
import { ErrorNote } from "../src/components/notes";
import { Picker } from "../src/components/picker";

let root: HTMLElement;
const draw = (what: preact.ComponentChild): void => void act(() => render(what, root));
const press = (element: Element | null, key: string): void =>
  void act(() => void element?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));

const click = (element: HTMLElement | null): void => void act(() => element?.click());

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

describe("a name", () => {
  const hostile = ["<img src=x onerror=alert(1)>", "=1+1", "שלום \u202egnp", "🐢".repeat(60), "a".repeat(255)];
  it.each(hostile)("is text: %s", (name) => {
    draw(<Name text={name} />);
    expect(root.querySelector("bdi")?.textContent).toBe(name);
    expect(root.querySelector("img")).toBeNull();
  });
});

describe("a figure", () => {
  it("carries the exact value", () => {
    draw(<Figure metric={metricOf("ctr")} value={0.344812} currency="USD" />);
    expect(root.querySelector("data")?.getAttribute("value")).toBe("0.344812");
    expect(root.textContent).toBe("0.34%");
  });

  it("that is null is not zero", () => {
    draw(<Figure metric={metricOf("clicks")} value={null} currency="USD" />);
    expect(root.textContent).toBe("–");
  });

  it("is judged by what is better of it", () => {
    const judged = (name: "cpa" | "roas" | "spend", percent: number): string | null | undefined => {
      draw(<Change metric={metricOf(name)} percent={percent} />);
      return root.querySelector("data")?.getAttribute("data-change");
    };
    expect([judged("cpa", 5), judged("cpa", -5), judged("roas", 5), judged("spend", 5)]).toEqual([
      "bad",
      "good",
      "good",
      "plain",
    ]);
  });
});

describe("an error", () => {
  it("is told in the API's sentence, with its id", () => {
    draw(<ErrorNote error={new ApiError(404, "NOT_FOUND", "There is no such client.", {}, "abc-123")} />);
    expect(root.querySelector("[role=alert]")?.textContent).toContain("There is no such client.");
    expect(root.querySelector("code")?.textContent).toBe("abc-123");
  });
});

describe("a picker", () => {
  const choices = [
    { value: "1", text: "Northwind" },
    { value: "2", text: "Harbour Coffee" },
  ];

  it("is used with the keyboard alone", () => {
    const chosen = vi.fn();
    draw(<Picker label="Client" value="1" choices={choices} none="All" onChoose={chosen} />);
    click(root.querySelector("button"));
    const input = root.querySelector("input");
    expect(document.activeElement).toBe(input);
    press(input, "ArrowDown");
    press(input, "ArrowDown");
    press(input, "Enter");
    expect(chosen).toHaveBeenCalledWith("2");
    expect(root.querySelector("[role=listbox]")).toBeNull();
  });

  it("closes with Escape and gives the focus back", () => {
    draw(<Picker label="Client" value="1" choices={choices} onChoose={() => undefined} />);
    click(root.querySelector("button"));
    press(root.querySelector("input"), "Escape");
    expect(root.querySelector("input")).toBeNull();
    expect(document.activeElement).toBe(root.querySelector("button"));
  });
});
