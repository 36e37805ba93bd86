/** Why: a newcomer's first run shows the package that the contracts make, not one that lay around. */
import { buildIfStale } from "../build.js";
import { generate } from "../generate.js";
import type { Step, Teller } from "./show.js";

/** What the preparation is made of; tests put something quicker in its place. */
export interface Preparation {
  readonly check: typeof generate;
  readonly build: (root: string) => Promise<void>;
}

/** Checks generated/ and brings dist/ up to date. False, after saying why, when that cannot be. */
export async function prepare(
  root: string,
  teller: Pick<Teller, "step">,
  { check, build }: Preparation = { check: generate, build: buildIfStale },
): Promise<boolean> {
  return (
    (await step(
      teller.step("generated/ is what spec/ says", "generated/ is not what spec/ says"),
      checkGenerated(root, check),
    )) && (await step(teller.step("dist/ is built from it", "dist/ cannot be built"), build(root)))
  );
}

async function step({ done, failed }: Step, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    done();
    return true;
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function checkGenerated(root: string, check: typeof generate): Promise<void> {
  const changes = await check({ root, check: true });
  if (changes.length === 0) return;
  const files = changes.map(({ kind, path }) => `generated/${path} would be ${kind}`).join("\n");
  throw new Error(`${files}\nMend it with: npm run generate`);
}
