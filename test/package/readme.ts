import { readFileSync } from "node:fs";

export interface Block {
  readonly title: string;
  readonly code: string;
  /** What the block says that it prints: the comments behind its `console.log`s. */
  readonly prints: readonly string[];
  /** Does it run here, or does it need an account? */
  readonly runs: boolean;
}

/** Every TypeScript block of the README, under the heading that it stands below. */
export function readmeBlocks(): readonly Block[] {
  const text = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  return [...text.matchAll(/(<!-- compiled, not run[^\n]*-->\n)?```ts\n(.*?)```/gs)].map(
    ({ 1: notRun, 2: code = "", index }) => ({
      title: [...text.slice(0, index).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? "",
      code,
      prints: [...code.matchAll(/console\.log\([^\n]*\); \/\/ (.+)$/gm)].map(([, value = ""]) =>
        value.replace(/^"(.*)"$/, "$1"),
      ),
      runs: notRun === undefined,
    }),
  );
}
