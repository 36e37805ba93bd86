/** S1 where many VMs are reimaged: what forbids one client a second POST forbids it a fleet. */
import { afterEach, describe, expect, test } from "vitest";
import { type FleetResult, reimageFleet } from "../../src/fleet/index.js";
import { formatVirtualMachineId, type SerializedOperation } from "../../src/index.js";
import { createSimulator, type Simulator } from "../../src/simulator/index.js";
import { always, closeAll, cut, everywhere, startArm, throttled } from "../harness/index.js";
import { clientFor, ENDPOINT, vm } from "./support-s.js";

afterEach(closeAll);

/** The results, and what the fleet threw in the end. */
async function taken(fleet: AsyncIterable<FleetResult>): Promise<{ results: FleetResult[]; thrown: unknown }> {
  const results: FleetResult[] = [];
  try {
    for await (const result of fleet) results.push(result);
  } catch (thrown) {
    return { results, thrown };
  }
  return { results, thrown: undefined };
}

const messageOf = (result: FleetResult | undefined) => (result && "error" in result ? result.error.message : "");
const posts = (arm: Simulator) => arm.requests.filter(({ method }) => method === "POST").length;

describe("S1: a VM is not POSTed again whose saved operation", () => {
  const broken = (of: object, name: string) =>
    Object.defineProperty({ ...of }, name, {
      get() {
        throw new Error("boom");
      },
    });
  const id = formatVirtualMachineId(vm);
  const damages: Readonly<Record<string, (saved: SerializedOperation) => unknown>> = {
    "leads to another origin": (saved) => ({ ...saved, statusUrl: "https://gateway.invalid/operations/1" }),
    "is of another version": (saved) => ({ ...saved, version: 2 }),
    "is of another version, as text": (saved) => JSON.stringify({ ...saved, version: 2 }),
    "is of another version, as text that begins as editors begin it": (saved) =>
      `\ufeff${JSON.stringify({ ...saved, version: 2 })}\n`,
    "has no URL": ({ statusUrl: _, ...saved }) => saved,
    "names it by its id": (saved) => ({ ...saved, vm: id, version: 2 }),
    "names it in other letters": (saved) => ({ ...saved, version: 2, vm: { ...vm, vmName: "VM-ONE" } }),
    "throws when it is looked at": (saved) => broken(saved, "version"),
    "is the row that a command line printed": (saved) => ({ vm: id, outcome: "timeout", resume: saved }),
    "is that row as text": (saved) => JSON.stringify({ vm: id, outcome: "timeout", resume: saved }),
    "is the line of a journal": (saved) => ({ verb: "accepted", saved }),
  };

  test.each(Object.entries(damages))("%s", async (_, damage) => {
    const arm = createSimulator({ outcome: "hang" });
    const client = clientFor({ url: ENDPOINT }, { fetch: arm.fetch });
    const saved = damage((await client.beginReimage(vm)).toJSON()) as SerializedOperation;
    const other = { ...vm, vmName: "vm-two" };
    const { results, thrown } = await taken(
      reimageFleet(client, [id, other], undefined, { resume: [saved], timeoutMs: 50 }),
    );
    expect(thrown).toBeUndefined();
    expect(posts(arm)).toBe(2);
    expect(results.filter((one) => /must be named once/.test(messageOf(one)))).toMatchObject([
      { outcome: "invalid", vm },
    ]);
    expect(results.find((one) => one.vm.vmName === "vm-two")).toMatchObject({ outcome: "timeout" });
  });

  test("begins as editors begin a file is followed all the same", async () => {
    const arm = createSimulator({ durationMs: 10 });
    const client = clientFor({ url: ENDPOINT }, { fetch: arm.fetch });
    const text = `\ufeff${JSON.stringify(await client.beginReimage(vm))}\n` as unknown as SerializedOperation;
    const { results } = await taken(reimageFleet(client, [vm], undefined, { resume: [text] }));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(["invalid", "succeeded"]);
    expect(posts(arm)).toBe(1);
  });
});

describe("S1: nothing is POSTed beside a saved operation that does not say of which VM it is, as", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const nameless: Readonly<Record<string, (saved: SerializedOperation) => unknown>> = {
    "a text that broke off": (saved) => JSON.stringify(saved).slice(0, -20),
    "a list": (saved) => [saved],
    "a text twice over": (saved) => JSON.stringify(JSON.stringify(saved)),
    nothing: () => null,
    "one without its VM": ({ vm: _, ...saved }) => saved,
    "one whose VM has an impossible name": (saved) => ({ ...saved, vm: { ...vm, vmName: "vm*one" } }),
    "something that is gone": () => revoked,
  };

  test.each(Object.entries(nameless))("%s", async (_, damage) => {
    const arm = createSimulator({ durationMs: 10 });
    const client = clientFor({ url: ENDPOINT }, { fetch: arm.fetch });
    const good = (await client.beginReimage({ ...vm, vmName: "vm-good" })).toJSON();
    const saved = damage((await client.beginReimage(vm)).toJSON()) as SerializedOperation;
    const options = { resume: [saved, good] };
    const { results, thrown } = await taken(
      reimageFleet(client, [vm, { ...vm, vmName: "vm-two" }], undefined, options),
    );
    expect(thrown).toMatchObject({ name: "InvalidInputError", issues: [{ path: "resume" }] });
    expect(posts(arm)).toBe(2);
    // What could be followed is.
    expect(results.map(({ outcome }) => outcome)).toContain("succeeded");
    expect(results).toHaveLength(2);
  });

  test("one of those beside no VM, which harms nobody", async () => {
    const arm = createSimulator();
    const client = clientFor({ url: ENDPOINT }, { fetch: arm.fetch });
    const resume = [null as unknown as SerializedOperation];
    const { results, thrown } = await taken(reimageFleet(client, [], undefined, { resume }));
    expect([thrown, results.map(({ outcome }) => outcome)]).toEqual([undefined, ["invalid"]]);
  });
});

test("S1: a fleet does not send a POST again whose 429 was cut", async () => {
  const arm = await startArm();
  arm.onPost(cut(throttled({ retryAfter: 1 })));
  const { results } = await taken(reimageFleet(clientFor(arm), [vm]));
  expect(results).toMatchObject([{ outcome: "rejected", error: { status: 429, started: "no" } }]);
  expect(results[0] && "error" in results[0] && results[0].error).not.toHaveProperty("retryAfterMs");
  expect(everywhere.posts).toHaveLength(1);
});

test("S1: a fleet sends a POST again twice after a 429, as a client does, then its VM is rejected", async () => {
  const arm = await startArm();
  arm.onPost(always(throttled({ retryAfter: 1 })));
  const { results } = await taken(reimageFleet(clientFor(arm), [vm]));
  expect(results).toMatchObject([{ outcome: "rejected", error: { status: 429, started: "no", retryAfterMs: 1000 } }]);
  expect(everywhere.posts).toHaveLength(3);
});
