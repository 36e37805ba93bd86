/** Why: a newcomer's first run shows the package that the contracts make, not one that lay around. */
import { buildIfStale } from "../build.js";
import { generate } from "../generate.js";

/** What the preparation is made of; tests put something quicker in its place. */
export interface Preparation {
  readonly check: typeof generate;
  readonly build: (root: string) => Promise<void>;
}

/** Checks generated/ and brings dist/ up to date. False, after saying why, when that cannot be. */
export async function prepare(
  root: string,
  say: (text: string) => void,
  { check, build }: Preparation = { check: generate, build: buildIfStale },
): Promise<boolean> {
  try {
    await checkGenerated(root, check);
    say("✓ generated/ is what spec/ says");
    await build(root);
    say("✓ dist/ is built from it");
    return true;
  } catch (error) {
    say(`✗ ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function checkGenerated(root: string, check: typeof generate): Promise<void> {
  const changes = await check({ root, check: true });
  if (changes.length === 0) return;
  const files = changes.map(({ kind, path }) => `generated/${path} would be ${kind}`).join("\n");
  throw new Error(`generated/ is not what spec/ says:\n${files}\nMend it with: npm run generate`);
}
