// What a user's page would be: our client, the handlers in a service worker, progress on the screen. Bundled by scripts/runtimes.ts.
import { setupWorker } from "msw/browser";
import { createReimageClient } from "../../src/index.js";
import { reimageHandlers } from "../../src/msw/index.js";
import { createSimulator } from "../../src/simulator/index.js";

const vm = {
  subscriptionId: "00000000-0000-4000-8000-000000000000",
  resourceGroupName: "rg",
  vmName: "vm-in-a-browser",
};
const list = document.querySelector("ol") as HTMLOListElement;

function show(text: string): void {
  const item = document.createElement("li");
  item.textContent = text;
  list.append(item);
}

async function run(): Promise<string> {
  const arm = createSimulator({ vms: [{ ...vm, deleteOption: "Detach" }], durationMs: 1_200, retryAfterSeconds: null });
  const worker = setupWorker(...reimageHandlers(arm));
  await worker.start({ onUnhandledRequest: "error", quiet: true });
  const client = createReimageClient({ credential: () => "token", pollIntervalMs: 300 });
  const { status } = await client.reimage(
    vm,
    {},
    { onProgress: ({ status, polls }) => show(`poll ${polls}: ${status}`) },
  );
  const [after] = [...arm.vms.values()];
  show(`${vm.vmName}: ${status}`);
  show(`old OS disk kept: ${after?.keptOsDiskIds.length === 1}`);
  worker.stop();
  return status;
}

run().then(
  (status) => {
    document.title = status;
  },
  (error: unknown) => {
    show(String(error));
    document.title = "broken";
  },
);
