// For any scenario, what a correct client was told agrees with what became of the VM and its disks. Virtual time, so that hours pass
// in a moment; fast-check makes the scenarios up, and shrinks the one that disagrees.
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReimageClient, isReimageError } from "../../src/index.js";
import { inspect, reconcile } from "../../src/preflight/index.js";
import {
  createSimulator,
  type Fault,
  type SimulatedOutcome,
  type SimulatedVm,
  type SimulatedVmInit,
  type SimulatorOptions,
} from "../../src/simulator/index.js";
import { authorization, idOf, noon, reimageUrl, statusUrl, vm } from "../simulator/support.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ now: noon(), toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Scenario {
  readonly declared: SimulatedVmInit;
  readonly options: SimulatorOptions;
  readonly parameters: { readonly tempDisk?: boolean; readonly exactVersion?: string };
  /** When somebody else reimages the VM too. */
  readonly rivalAt: number | undefined;
}

/** What was said at the end: that it succeeded, or an error. */
interface Told {
  readonly name: string;
  readonly started?: string;
  readonly code?: string;
}

const outcomes = fc.oneof(
  fc.constantFrom<SimulatedOutcome>("succeeded", "succeeded", "failed", "canceled", "hang"),
  fc.record({
    status: fc.constantFrom("failed", "canceled"),
    code: fc.constantFrom("AllocationFailed", "OperationPreempted", "InternalExecutionError"),
    replacesDisk: fc.boolean(),
  }),
);

const plan = fc.record(
  {
    on: fc.constantFrom("reimage", "status"),
    after: fc.constantFrom(0, 0, 0, 1, 3),
    times: fc.constantFrom(1, 2, 6, Number.POSITIVE_INFINITY),
    chance: fc.constantFrom(0.2, 0.5),
  },
  { requiredKeys: ["on"] },
);

/** Only what an honest service and a dishonest network do: nobody says that a POST was refused, or done, when it was not. */
const mishaps = fc.oneof(
  fc.record({ kind: fc.constantFrom("reset", "html", "redirect"), acted: fc.boolean() }),
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(408, 500, 502, 503), acted: fc.boolean() }),
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(400, 401, 403, 404, 409, 410, 429) }),
  fc.record({ kind: fc.constantFrom("unreachable", "unreachable", "truncated", "wrong-origin") }),
  fc.record({ kind: fc.constant("delay"), ms: fc.constantFrom(10, 30_000, 90_000, Number.POSITIVE_INFINITY) }),
);
const faults = fc.tuple(plan, mishaps).map(([when, what]) => ({ ...when, ...what }) as Fault);
const seconds = fc.option(fc.constantFrom(1, 10, 30, 700), { nil: null });

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  declared: fc
    .record(
      {
        ephemeral: fc.boolean(),
        deleteOption: fc.constantFrom("Detach", "Delete"),
        osType: fc.constantFrom("Windows", "Linux"),
        outcome: outcomes,
        durationMs: fc.nat(5 * MINUTE),
      },
      { requiredKeys: ["outcome", "durationMs"] },
    )
    .map((declared) => ({ ...vm, ...declared }) as SimulatedVmInit),
  options: fc.record(
    {
      seed: fc.nat(),
      statusHeader: fc.constantFrom("both", "azure-asyncoperation", "location", "none"),
      retryAfterSeconds: fc.oneof(seconds, fc.record({ accepted: seconds, running: seconds })),
      signedStatusUrls: fc.boolean(),
      statusRecord: fc.record(
        {
          lagMs: fc.nat(20_000),
          keptMs: fc.constantFrom(0, 20_000, Number.POSITIVE_INFINITY),
          gone: fc.constantFrom(404, 410),
        },
        { requiredKeys: [] },
      ),
      busy: fc.constantFrom("conflict", "preempt"),
      throttle: fc.boolean(),
      faults: fc.array(faults, { maxLength: 3 }),
    },
    { requiredKeys: ["seed"] },
  ) as fc.Arbitrary<SimulatorOptions>,
  parameters: fc.record({ tempDisk: fc.boolean(), exactVersion: fc.constant("1.2.3") }, { requiredKeys: [] }),
  rivalAt: fc.option(fc.nat(6 * MINUTE), { nil: undefined, freq: 3 }),
});

/** Lets time pass until a promise is settled. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  const note = () => {
    done = true;
  };
  promise.then(note, note);
  for (let steps = 0; !done && steps < 10_000; steps += 1) await vi.advanceTimersToNextTimerAsync();
  if (!done) throw new Error("it never settled");
  return promise;
}

/** Plays a scenario to its end, and an hour beyond. */
async function play({ declared, options, parameters, rivalAt }: Scenario) {
  const arm = createSimulator({ ...options, vms: [declared] });
  const client = createReimageClient({ credential: () => "token", fetch: arm.fetch, timeoutMs: 30 * MINUTE });
  const look = () => arm.vms.get(idOf()) as SimulatedVm;
  const before = look();
  const seenBefore = await inspect(client, vm);
  let rival: Promise<Response | undefined> = Promise.resolve(undefined);
  if (rivalAt !== undefined) {
    rival = new Promise((resolve) => {
      setTimeout(() => {
        resolve(arm.fetch(reimageUrl(), { method: "POST", headers: authorization }).catch(() => undefined));
      }, rivalAt);
    });
  }
  const told = await settled(
    client.reimage(vm, parameters).then(
      ({ status }): Told => ({ name: status }),
      (error: unknown): Told => {
        if (!isReimageError(error)) throw error;
        return error as Told;
      },
    ),
  );
  await vi.advanceTimersByTimeAsync(HOUR);
  return { arm, told, before, seenBefore, after: look(), seenAfter: await inspect(client, vm), rival: await rival };
}

/** Does an ending replace or reset the disk? By the options' own words. */
function replaces(outcome: SimulatedOutcome | undefined): boolean {
  if (outcome === "succeeded" || outcome === "failed") return true;
  return typeof outcome === "object" && outcome.replacesDisk === true;
}

/** The disks of a VM after so many reimages, by its deleteOption; an ephemeral one is reset in place. */
function expectDisks(before: SimulatedVm, after: SimulatedVm, count: number): void {
  expect(after.reimages).toBe(count);
  const old = after.ephemeral ? 0 : count;
  expect(after.osDiskId === before.osDiskId).toBe(old === 0);
  expect(after.keptOsDiskIds).toHaveLength(after.deleteOption === "Detach" ? old : 0);
  expect(after.deletedOsDiskIds).toHaveLength(after.deleteOption === "Delete" ? old : 0);
  if (old > 0) expect([...after.keptOsDiskIds, ...after.deletedOsDiskIds][0]).toBe(before.osDiskId);
}

test("alone with the VM, who is told a word of the service can rely on it, and nobody reimages twice", async () => {
  const endings = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      vi.setSystemTime(noon());
      const { outcome } = scenario.declared;
      const { told, before, after } = await play({ ...scenario, rivalAt: undefined });
      endings.set(told.name, (endings.get(told.name) ?? 0) + 1);
      // Whatever the outcome, a reimage that was taken shows: in the count, or in the state.
      const taken = after.reimages > 0 || after.provisioningState !== "Succeeded";
      expectDisks(before, after, taken && replaces(outcome) ? 1 : 0);
      if (told.name === "succeeded") {
        expect([taken, outcome, after.provisioningState]).toEqual([true, "succeeded", "Succeeded"]);
      } else if (told.name === "OperationFailedError" || told.name === "OperationCanceledError") {
        expect([taken, after.provisioningState]).toEqual([true, "Failed"]);
        const status = typeof outcome === "object" ? outcome.status : outcome;
        expect(told.name).toBe(status === "failed" ? "OperationFailedError" : "OperationCanceledError");
        if (typeof outcome === "object") expect(told.code).toBe(outcome.code);
      } else if (told.started !== "maybe") {
        expect(taken).toBe(told.started === "yes");
      }
    }),
    { numRuns: 150, seed: 4 },
  );
  // The property says something about each of these.
  for (const name of [
    "succeeded",
    "OperationFailedError",
    "OperationCanceledError",
    "RequestRejectedError",
    "OutcomeUnknownError",
    "WaitTimeoutError",
    "NotSentError",
  ])
    expect([name, (endings.get(name) ?? 0) > 1]).toEqual([name, true]);
}, 60_000);

test("beside a rival, the VM was reimaged as often as the two were told together", async () => {
  const both = { preempted: 0, refused: 0, done: 0 };
  await fc.assert(
    fc.asyncProperty(scenarios, fc.nat(6 * MINUTE), async (scenario, rivalAt) => {
      vi.setSystemTime(noon());
      const declared = { ...scenario.declared, outcome: "succeeded" } as const;
      const { faults: _, statusRecord: __, throttle: ___, ...options } = scenario.options;
      const { arm, told, before, after, rival } = await play({ ...scenario, declared, options, rivalAt });
      const url = rival && statusUrl(rival);
      const said = url ? await (await arm.fetch(url, { headers: authorization })).json() : undefined;
      const ended = rival?.status === 200 || said?.status === "Succeeded" || (rival?.status === 202 && !url);
      if (rival?.status === 202 && !url) return;
      expectDisks(before, after, (told.name === "succeeded" ? 1 : 0) + (ended ? 1 : 0));
      if (told.name === "OperationCanceledError") both.preempted += 1;
      else if (rival?.status === 409) both.refused += 1;
      else if (told.name === "succeeded" && ended) both.done += 1;
    }),
    { numRuns: 120, seed: 4 },
  );
  expect(Math.min(...Object.values(both))).toBeGreaterThan(3);
}, 60_000);

test("a preflight before and one after tell the disks and the states that there were, and prove what they can", async () => {
  const verdicts = { happened: 0, "cannot tell": 0 };
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      vi.setSystemTime(noon());
      const options = { ...scenario.options, throttle: false };
      const { told, before, seenBefore, after, seenAfter } = await play({ ...scenario, options, rivalAt: undefined });
      for (const [truth, seen] of [
        [before, seenBefore],
        [after, seenAfter],
      ] as const) {
        expect(seen.provisioningState).toBe(truth.provisioningState);
        expect([seen.osDiskId, seen.osType, seen.ephemeral]).toEqual([truth.osDiskId, truth.osType, truth.ephemeral]);
        const managed = truth.deleteOption === "Delete" ? "deleted" : "kept";
        expect(seen.oldOsDisk).toBe(truth.ephemeral ? "reset" : managed);
      }
      // What the preflight promised before is what became of the old disk.
      if (after.reimages > 0 && seenBefore.oldOsDisk !== "reset") {
        const fate = seenBefore.oldOsDisk === "kept" ? after.keptOsDiskIds : after.deletedOsDiskIds;
        expect(fate).toContain(before.osDiskId);
      }
      const verdict = reconcile(seenBefore, seenAfter);
      verdicts[verdict] += 1;
      if (verdict === "happened") expect(after.reimages).toBeGreaterThan(0);
      if (told.name === "succeeded") expect(verdict).toBe(after.ephemeral ? "cannot tell" : "happened");
    }),
    { numRuns: 60, seed: 4 },
  );
  expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(5);
}, 60_000);
