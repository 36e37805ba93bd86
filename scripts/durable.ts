// Why: `npm test` kills the durable recipe at every moment of an engine made for it. Here 300 VMs are workflows of OpenWorkflow, on
// SQLite and on a PostgreSQL of the machine, and the process that works on them is killed by SIGKILL, again and again, at
// moments that follow from a seed: `npm run test:durable -- [VMs] [seed]`. Some minutes.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { killedAgainAndAgain } from "./durable/fleet.js";
import { nodeWithSqlite } from "./durable/node.js";
import { withPostgres } from "./durable/postgres.js";
import { type Row, tell } from "./runtimes/row.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The command: runs both, prints a table. Exits 1 when something went wrong; what cannot run here is said, and is no failure. */
export async function main([vms = "300", seed = "1"]: readonly string[]): Promise<number> {
  const fleet = { root, vms: Number(vms), seed: Number(seed) };
  return tell([...(await onSqlite(fleet)), ...(await onPostgres(fleet))]);
}

async function onSqlite(fleet: { root: string; vms: number; seed: number }): Promise<readonly Row[]> {
  const what = `${fleet.vms} VMs as workflows on SQLite`;
  const node = await nodeWithSqlite(root);
  if ("missing" in node) return [{ what, result: "not run", told: node.missing }];
  const run = await killedAgainAndAgain({ ...fleet, node: node.path, database: (folder) => join(folder, "fleet.db") });
  return [{ what, ...run, told: `Node ${node.version}: ${run.told}` }];
}

async function onPostgres(fleet: { root: string; vms: number; seed: number }): Promise<readonly Row[]> {
  const what = `${fleet.vms} VMs as workflows on PostgreSQL`;
  const row = await withPostgres(async ({ url, version }) => {
    const run = await killedAgainAndAgain({ ...fleet, node: process.execPath, database: () => url });
    return { what, ...run, told: `PostgreSQL ${version}, Node ${process.versions.node}: ${run.told}` };
  });
  const told = "there is no PostgreSQL: install Debian's `postgresql`";
  return [row ?? { what, result: "not run", told }];
}
