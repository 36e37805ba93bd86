/** The pace of reads of many VMs, in virtual time. */
import { describe, expect, test } from "vitest";
import { paceReads } from "../../src/fleet/index.js";
import { parseVirtualMachineId, RequestRejectedError, type VirtualMachineId } from "../../src/index.js";
import { idOf } from "./fly.js";
import { virtualTime } from "./virtual-time.js";

const OTHER = "11111111-1111-4111-8111-111111111111";
const vmsOf = (count: number, subscription?: string): VirtualMachineId[] =>
  Array.from({ length: count }, (_, i) => parseVirtualMachineId(idOf(i, subscription)));
const throttled = (vm: VirtualMachineId, retryAfterMs?: number) =>
  new RequestRejectedError({
    what: "was refused by the service",
    started: "no",
    vm,
    status: 429,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
const travel = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const clock = virtualTime();

/** How many of these times were in the fullest stretch of so many milliseconds. */
const most = (times: readonly number[], stretch: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + stretch).length));

describe("the pace", () => {
  test("is 250 at once at most, then 25 a second, and hardly less", async () => {
    const times: number[] = [];
    const read = async () => {
      times.push(clock.now());
      await travel(80);
    };
    await clock.until(paceReads(vmsOf(2_000), read));
    expect(times).toHaveLength(2_000);
    for (const seconds of [1, 10, 60]) expect(most(times, seconds * 1000)).toBeLessThanOrEqual(250 + 25 * seconds);
    expect(clock.now()).toBeLessThan(((2_000 - 250) / 25) * 1000 * 1.05);
  });

  test("is each subscription's own", async () => {
    const read = () => travel(80);
    await clock.until(paceReads([...vmsOf(200), ...vmsOf(200, OTHER)], read));
    expect(clock.now()).toBeLessThan(1_000);
  });

  test("waits for the first answers before all go", async () => {
    let underWay = 0;
    let answered = false;
    const read = async () => {
      underWay += 1;
      if (!answered) expect(underWay).toBeLessThanOrEqual(10);
      await travel(80);
      answered = true;
    };
    await clock.until(paceReads(vmsOf(100), read));
    expect(underWay).toBe(100);
  });
});

test("the results are in the order of the VMs, each with what its read came to", async () => {
  const failure = new Error("mine");
  const read = async ({ vmName }: VirtualMachineId) => {
    await travel(vmName === "vm0" ? 500 : 1);
    if (vmName === "vm1") throw failure;
    return vmName;
  };
  expect(await clock.until(paceReads(vmsOf(3), read))).toEqual([
    { status: "fulfilled", value: "vm0" },
    { status: "rejected", reason: failure },
    { status: "fulfilled", value: "vm2" },
  ]);
});

test("a VM may be given by its id; what is none ends it before anything is read", async () => {
  expect(await clock.until(paceReads([idOf(7)], async (id) => id))).toMatchObject([{ value: idOf(7) }]);
  let reads = 0;
  const read = async () => {
    reads += 1;
  };
  await expect(clock.until(paceReads([idOf(7), "garbage"], read))).rejects.toThrow(/ARM resource id/);
  const nameless = {} as VirtualMachineId;
  await expect(clock.until(paceReads([nameless], read))).rejects.toThrow(/subscriptionId: must be a UUID/);
  expect(reads).toBe(0);
});

test("of nothing is nothing", async () => {
  expect(await clock.until(paceReads([], () => travel(1)))).toEqual([]);
});

describe("a 429", () => {
  test("pauses all reads of the subscription as long as it says; then the VM is read again", async () => {
    const reads: { readonly vmName: string; readonly at: number }[] = [];
    const told: number[] = [];
    const read = async (vm: VirtualMachineId) => {
      reads.push({ vmName: vm.vmName, at: clock.now() });
      await travel(10);
      if (reads.length <= 10) throw throttled(vm, 17_000);
      return vm.vmName;
    };
    const results = await clock.until(paceReads(vmsOf(50), read, { onThrottled: (ms) => told.push(ms) }));
    expect(results.map((one) => one.status === "fulfilled" && one.value)).toEqual(vmsOf(50).map((vm) => vm.vmName));
    expect(reads).toHaveLength(60);
    expect(reads.filter(({ at }) => at < 17_000)).toHaveLength(10);
    expect(told).toEqual(Array(10).fill(17_000));
  });

  test("of 30 days is waited for, though no timer holds it", async () => {
    const month = 30 * 86_400_000;
    const at: number[] = [];
    const read = async (vm: VirtualMachineId) => {
      if (at.push(clock.now()) === 1) throw throttled(vm, month);
    };
    expect(await clock.until(paceReads(vmsOf(1), read))).toMatchObject([{ status: "fulfilled" }]);
    expect(at).toHaveLength(2);
    expect(at[1]).toBeGreaterThanOrEqual(month);
    expect(at[1]).toBeLessThan(month + 1_000);
  });

  test("does not pause another subscription", async () => {
    const read = async (vm: VirtualMachineId) => {
      await travel(10);
      if (vm.subscriptionId !== OTHER && clock.now() < 17_000) throw throttled(vm, 17_000);
      return clock.now();
    };
    const [mine, other] = await clock.until(paceReads([...vmsOf(1), ...vmsOf(1, OTHER)], read));
    expect(other).toMatchObject({ status: "fulfilled", value: 10 });
    expect(mine).toMatchObject({ status: "fulfilled" });
  });

  test("again and again is the result, after five reads", async () => {
    let reads = 0;
    const read = async (vm: VirtualMachineId) => {
      reads += 1;
      throw throttled(vm, 2_000);
    };
    const results = await clock.until(paceReads(vmsOf(1), read));
    expect([results, reads]).toEqual([[{ status: "rejected", reason: expect.objectContaining({ status: 429 }) }], 5]);
    expect(clock.now()).toBeGreaterThanOrEqual(8_000);
    expect(clock.now()).toBeLessThan(12_000);
  });

  test("that names no time is the result at once", async () => {
    let reads = 0;
    const read = async (vm: VirtualMachineId) => {
      reads += 1;
      throw throttled(vm);
    };
    expect(await clock.until(paceReads(vmsOf(1), read))).toMatchObject([{ status: "rejected" }]);
    expect(reads).toBe(1);
  });

  test("is told, and what the telling throws is its own affair", async () => {
    let reads = 0;
    const read = async (vm: VirtualMachineId) => {
      reads += 1;
      if (reads === 1) throw throttled(vm, 1_000);
    };
    const onThrottled = () => {
      throw new Error("mine");
    };
    expect(await clock.until(paceReads(vmsOf(1), read, { onThrottled }))).toMatchObject([{ status: "fulfilled" }]);
  });
});

describe("an abort", () => {
  test("ends it at once with the signal's reason, whatever is under way, and leaves no listener", async () => {
    const stop = new AbortController();
    const reason = new Error("left");
    let reads = 0;
    let listeners = 0;
    const { signal } = stop;
    const spied = new Proxy(signal, {
      get(target, name) {
        if (name === "addEventListener") listeners += 1;
        if (name === "removeEventListener") listeners -= 1;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    setTimeout(() => stop.abort(reason), 5_000);
    const all = paceReads(
      vmsOf(1_000),
      () => {
        reads += 1;
        return travel(20_000);
      },
      { signal: spied },
    );
    await expect(clock.until(all)).rejects.toBe(reason);
    expect([clock.now(), reads, listeners]).toEqual([5_000, 10, 0]);
    await clock.pass(20_000);
    expect(reads).toBe(10);
  });

  test("ends the quiet that a 429 asked for, and leaves no timer", async () => {
    const stop = new AbortController();
    const read = (vm: VirtualMachineId) => Promise.reject(throttled(vm, 17_000));
    setTimeout(() => stop.abort("left"), 5_000);
    await expect(clock.until(paceReads(vmsOf(1), read, { signal: stop.signal }))).rejects.toBe("left");
    expect([clock.now(), clock.timers()]).toEqual([5_000, 0]);
  });

  test("before it begins reads nothing", async () => {
    const reason = new Error("left");
    const read = () => Promise.reject(new Error("read"));
    await expect(clock.until(paceReads(vmsOf(1), read, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });
});

test.each<[unknown, unknown, string]>([
  [[], null, "options"],
  [[], { signal: 5 }, "signal"],
  [null, {}, "vms"],
  [idOf(0), {}, "vms"],
])("of %j with %j nothing is read: it is refused", async (vms, options, path) => {
  const read = () => expect.unreachable("it was read");
  await expect(paceReads(vms as string[], read, options as object)).rejects.toMatchObject({
    name: "InvalidInputError",
    issues: [{ path }],
  });
});
