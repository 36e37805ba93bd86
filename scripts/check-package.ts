// Why: a package can be broken while every test in its repository passes. `npm run check:package` packs the tarball, installs it into an
// empty project, and asks of it from outside what its users will.
import { fileURLToPath } from "node:url";
import { manifestIn } from "./build/manifest.js";
import { buildIfStale } from "./build.js";
import type { Check, Subject } from "./check-package/check.js";
import { filesCheck } from "./check-package/files.js";
import { installCheck } from "./check-package/install.js";
import { mapsCheck } from "./check-package/maps.js";
import { commandCheck, importCheck, requireCheck } from "./check-package/modules.js";
import { installPacked } from "./check-package/project.js";
import { publishCheck } from "./check-package/publish.js";
import { attwCheck, publintCheck } from "./check-package/tools.js";
import { foreignCheck, typeChecks } from "./check-package/types.js";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What is installed is weighed before anything is lent to the project. */
const CHECKS: readonly Check[] = [
  installCheck,
  filesCheck,
  mapsCheck,
  foreignCheck,
  publintCheck,
  attwCheck,
  importCheck,
  requireCheck,
  commandCheck,
  ...typeChecks,
  publishCheck,
];

/** Runs a check; answers with its line of the table, and with its complaint if it has one. */
export async function verdictOf(check: Check, subject: Subject): Promise<{ line: string; complaint?: string }> {
  const start = performance.now();
  const line = (result: string, told: string) =>
    `${result}  ${((performance.now() - start) / 1000).toFixed(1).padStart(4)} s  ${check.name}${told}`;
  return check.run(subject).then(
    (told) => ({ line: line("ok  ", `: ${told}`) }),
    (error: Error) => ({ line: line("FAIL", ""), complaint: `${check.name}\n${error.message}` }),
  );
}

/** The command. */
export async function main(): Promise<number> {
  await buildIfStale(root);
  const project = await installPacked(root);
  try {
    const complaints: string[] = [];
    for (const check of CHECKS) {
      const { line, complaint } = await verdictOf(check, { root, manifest: manifestIn(root), project });
      console.log(line);
      if (complaint !== undefined) complaints.push(complaint);
    }
    for (const complaint of complaints) console.error(`\n${complaint}`);
    console.log(`\n${CHECKS.length - complaints.length} passed, ${complaints.length} failed`);
    return complaints.length > 0 ? 1 : 0;
  } finally {
    project.remove();
  }
}
