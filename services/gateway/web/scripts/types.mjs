// src/api/schema.ts from the committed OpenAPI document; with --check it only says whether it lags.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../../../docs/generated/openapi.json", import.meta.url);
const TARGET = new URL("../src/api/schema.ts", import.meta.url);
const HEADER = "// Made from docs/generated/openapi.json by `make generate`. Do not edit.\n\n";

/** Examples and headers are for readers of the document; as comments they would be nine tenths of the types. */
function withoutExamples(content) {
  if (Array.isArray(content)) return content.map(withoutExamples);
  if (content === null || typeof content !== "object") return content;
  const kept = Object.entries(content).filter(([name]) => !["example", "examples", "headers"].includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutExamples(value)]));
}

/** Every failure has one shape (Error), so only what succeeds is told apart. */
function withoutFailures(document) {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const succeeding = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
    operation.responses = Object.fromEntries(succeeding);
  }
  return document;
}

const document = withoutFailures(withoutExamples(JSON.parse(await readFile(DOCUMENT, "utf-8"))));
const text = HEADER + astToString(await openapiTS(document));
const known = await readFile(TARGET, "utf-8").catch(() => "");
if (text !== known && process.argv.includes("--check")) {
  console.error("error: src/api/schema.ts is not what the OpenAPI document says: run `make generate` and commit the result");
  process.exit(1);
}
if (text !== known) await writeFile(TARGET, text);
