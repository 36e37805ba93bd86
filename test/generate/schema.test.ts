/** The generated types as a reader and an editor see them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./contract.js";

const folder = join(root, "generated");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const schema = readFileSync(join(folder, "schema.ts"), "utf8");

/** The comment of a property or type, as its editor shows it: lines without their stars. */
function commentOf(name: string): string[] {
  const [, comment = ""] = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*${name}\\??:`).exec(schema) ?? [];
  return comment.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
}

test.each([
  ["WindowsAdminPassword", ["@format password", "@minLength 8", "@maxLength 123"]],
  ["LinuxAdminPassword", ["@minLength 6", "@maxLength 72"]],
  ["customData", ["@contentEncoding base64", "@maxLength 87380", expect.stringMatching(/^@pattern \^\(\?:/)]],
  ["tempDisk", ["@default false"]],
  ["vmName", ["@minLength 1", "@maxLength 64", expect.stringMatching(/^@pattern \^/)]],
  ["subscriptionId", ["@format uuid"]],
  ["osProfile", ["Specifies information required for reimaging the non-ephemeral OS disk."]],
])("the comment of %s has the contract's constraints", (name, lines) => {
  expect(commentOf(name)).toEqual(expect.arrayContaining(lines));
});

test("comments are prose, not tags of prose", () => {
  expect(schema).not.toContain("@description");
  expect(schema).not.toMatch(/^ *\* {2,}\S/m);
});

test("secrets are plain strings, and no type is unknown and something", () => {
  expect(schema).toMatch(/^ +adminPassword\?: string;$/m);
  expect(schema).toMatch(/^ +customData\?: string;$/m);
  expect(schema).not.toContain("unknown &");
});

test("what the generator has no use for is not there", () => {
  expect(schema).not.toMatch(/webhooks|\$defs/);
});

test.each(files)("the declarations of %s need no package", (file) => {
  const options = { isolatedDeclarations: true, declaration: true, target: ts.ScriptTarget.ES2022 };
  const source = readFileSync(join(folder, file), "utf8");
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    compilerOptions: options,
    reportDiagnostics: true,
  });
  expect(diagnostics).toEqual([]);
  for (const [, from] of outputText.matchAll(/(?:from|import\() ?"([^"]+)"/g)) expect(from).toMatch(/^\.\.?\//);
});
