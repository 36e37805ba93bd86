/**
 * A fleet as workflows of OpenWorkflow: `enqueue`, `work` and `report`, each in a process of its own, as often as needed.
 * DATABASE is a file of SQLite or a URL of PostgreSQL; ENDPOINT is where ARM is, or what stands in for it.
 */
import { OpenWorkflow } from "openworkflow";
import { createReimageClient } from "../../../src/index.js";
import { reimageDurably } from "./workflow.js";

const { DATABASE = "", ENDPOINT = "", VMS = "", CONCURRENCY = "" } = process.env;
const vms = VMS.split(",");
const concurrency = Number(CONCURRENCY);

const backend = DATABASE.startsWith("postgres:")
  ? await (await import("openworkflow/postgres")).BackendPostgres.connect(DATABASE)
  : (await import("openworkflow/sqlite")).BackendSqlite.connect(DATABASE);
const engine = new OpenWorkflow({ backend });
const client = createReimageClient({ credential: () => "any-token", endpoint: ENDPOINT, allowInsecureLoopback: true });
const reimage = engine.defineWorkflow<{ vm: string }, unknown>({ name: "reimage" }, ({ input, step }) =>
  reimageDurably(client, input.vm, step),
);

const commands: Readonly<Record<string, () => Promise<void>>> = {
  /** The key lets it be called again: a VM has one workflow. */
  async enqueue() {
    for (const vm of vms) await reimage.run({ vm }, { idempotencyKey: vm });
  },
  /** Works until no workflow is left. */
  async work() {
    const worker = engine.newWorker({ concurrency });
    await worker.start();
    for (let left = 1; left > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { pending, running } = await backend.countWorkflowRuns();
      left = pending + running;
    }
    await worker.stop();
  },
  /** Prints how each ended, a line of JSON each. */
  async report() {
    let after: string | undefined;
    do {
      const { data, pagination } = await backend.listWorkflowRuns({ limit: 100, ...(after && { after }) });
      for (const { input, status, output } of data) console.log(JSON.stringify({ ...Object(input), status, output }));
      after = pagination.next ?? undefined;
    } while (after);
  },
};

await commands[process.argv[2] ?? ""]?.();
await backend.stop();
