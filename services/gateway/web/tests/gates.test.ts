// @vitest-environment node
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const eslint = new ESLint({ cwd });

/** What eslint says to a file of the page with this in it. */
async function rulesBrokenBy(code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: "src/components/name.tsx" });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

describe("eslint refuses", () => {
  it.each([
    ["no-restricted-properties", "export const f = (e: HTMLElement, name: string): void => { e.innerHTML = name; };"],
    ["no-restricted-syntax", "export const f = (name: string) => <b dangerouslySetInnerHTML={{ __html: name }} />;"],
    ["no-restricted-syntax", 'export const f = () => <b style="color: red" />;'],
    ["@typescript-eslint/no-explicit-any", "export const f = (x: any): unknown => x;"],
    ["max-lines", "export {};\n".repeat(251)],
  ])("%s: %s", { timeout: 30_000 }, async (rule, code) => {
    expect(await rulesBrokenBy(code)).toContain(rule);
  });
});
