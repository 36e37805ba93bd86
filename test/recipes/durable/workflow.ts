import {
  isReimageError,
  type ReimageClient,
  type ReimageOperation,
  type SerializedOperation,
  type VirtualMachine,
} from "../../../src/index.js";

/** What a durable engine gives a workflow: a step's result is stored, and a step without one is run again. */
export interface Steps {
  run<T>(step: { name: string; retryPolicy?: { maximumAttempts: number } }, work: () => Promise<T>): Promise<T>;
  sleep(name: string, duration: `${number}ms`): Promise<void>;
}

export interface Ended {
  readonly outcome: "succeeded" | "failed" | "canceled" | "not begun" | "unknown" | "still running";
  readonly told?: string;
}
interface Going {
  readonly saved: SerializedOperation;
  readonly nextPollAt: number;
}

const MOST_LOOKS = 400; // an engine keeps some thousand steps of a workflow

export async function reimageDurably(client: ReimageClient, vm: VirtualMachine, step: Steps): Promise<Ended> {
  const me = crypto.randomUUID(); // another one in each pass through this function
  const intent = await step.run({ name: "intent" }, async () => ({ by: me, correlationId: crypto.randomUUID() }));
  let now = await step.run({ name: "begin", retryPolicy: { maximumAttempts: 1 } }, async (): Promise<Going | Ended> => {
    // Whoever comes here with another's intent has found no result: a POST may have been sent. Never send one again.
    if (intent.by !== me) return { outcome: "unknown", told: `interrupted; correlation id ${intent.correlationId}` };
    return begin(client, vm, intent.correlationId);
  });
  for (let n = 1; "saved" in now && n <= MOST_LOOKS; n++) {
    const { saved, nextPollAt } = now;
    await step.sleep(`wait ${n}`, `${Math.max(nextPollAt - Date.now(), 1)}ms`);
    now = await step.run({ name: `look ${n}` }, () => look(client, saved));
  }
  return "saved" in now ? { outcome: "still running" } : now;
}

async function begin(client: ReimageClient, vm: VirtualMachine, correlationId: string): Promise<Going | Ended> {
  try {
    return standing(await client.beginReimage(vm, {}, { correlationId }));
  } catch (error) {
    if (!isReimageError(error)) throw error;
    if (error.resume) return { saved: error.resume, nextPollAt: 0 };
    return { outcome: error.started === "no" ? "not begun" : "unknown", told: error.message };
  }
}

async function look(client: ReimageClient, saved: SerializedOperation): Promise<Going | Ended> {
  const operation = client.resume(saved);
  try {
    await operation.poll();
    return standing(operation);
  } catch (error) {
    if (!isReimageError(error) || error.name !== "OutcomeUnknownError") throw error; // the engine looks again
    return { outcome: "unknown", told: error.message };
  }
}

function standing(operation: ReimageOperation): Going | Ended {
  const { state } = operation;
  if (state.status === "running") return { saved: operation.toJSON(), nextPollAt: state.nextPollAt };
  return { outcome: state.status };
}
