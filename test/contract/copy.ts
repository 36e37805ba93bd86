// A copy of spec/ in a temporary folder, with edits: how these tests ask "would it be noticed?".
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Replaces the one occurrence of `from` in a file of spec/. */
export interface Edit {
  file?: string;
  from: string;
  to: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Copies spec/ and applies the edits; the folder is gone when the test file has ended. */
export function editedSpec(...edits: readonly Edit[]): string {
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  folders.push(folder);
  cpSync(join(root, "spec"), folder, { recursive: true });
  for (const edit of edits) applyEdit(folder, edit);
  return folder;
}

/** The same, as if the contract had been released just before the edits, whatever was released in truth. */
export function editedSinceRelease(...edits: readonly Edit[]): string {
  const folder = editedSpec();
  cpSync(join(folder, "openapi.yaml"), join(folder, "released.yaml"));
  for (const edit of edits) applyEdit(folder, edit);
  return folder;
}

function applyEdit(folder: string, { file = "openapi.yaml", from, to }: Edit): void {
  const path = join(folder, file);
  const parts = readFileSync(path, "utf8").split(from);
  // An edit that matches nothing, or more than was meant, would prove nothing.
  if (parts.length !== 2 || from === to) throw new Error(`${file}: ${parts.length - 1} places to edit: ${from}`);
  writeFileSync(path, parts.join(to));
}
