// Token buckets: what is left is told either way; who finds one empty is refused only where throttling was asked for.
import { describe, expect, test } from "vitest";
import type { SimulatorOptions } from "../../src/simulator/index.js";
import { authorization, other, reimageUrl, said, stage, statusUrl, vm } from "./support.js";

describe("throttling", () => {
  test("is off unless asked for, and the headers count to zero", async () => {
    const { post } = stage({ durationMs: 0 });
    let last = await post();
    for (let n = 1; n < 15; n += 1) last = await post();
    expect(last.status).toBe(202);
    expect(last.headers.get("x-ms-ratelimit-remaining-resource")).toMatch(/UpdateVMResource;0$/);
  });

  test("refuses the thirteenth update of a VM in a minute, without the envelope, until a token is back", async () => {
    const { post, pass } = stage({ throttle: true, durationMs: 0 });
    for (let n = 0; n < 12; n += 1) expect((await post()).status).toBe(202);
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("15");
    expect(refused.headers.get("x-ms-ratelimit-remaining-resource")).toBe("Microsoft.Compute/UpdateVMResource;0");
    expect(await refused.json()).toEqual({
      code: "OperationNotAllowed",
      message: "The server rejected the request because too many requests have been received for this subscription.",
      details: [
        {
          code: "TooManyRequests",
          target: "Microsoft.Compute/UpdateVMResource",
          message: expect.stringMatching(/^\{"operationGroup":/),
        },
      ],
    });
    expect((await post({}, other)).status).toBe(202);
    pass(14_999);
    expect((await post()).headers.get("retry-after")).toBe("1");
    pass(1);
    expect((await post()).status).toBe(202);
    expect((await post()).status).toBe(429);
  });

  test("refuses in ARM's own words when the subscription's writes are used up", async () => {
    const { post, pass } = stage({ throttle: { armWrites: { capacity: 1, refillPerSecond: 0.5 } } });
    await post();
    const refused = await post({}, other);
    expect(refused.headers.get("retry-after")).toBe("2");
    expect(refused.headers.get("x-ms-ratelimit-remaining-subscription-writes")).toBe("0");
    expect(await said(refused)).toEqual([429, "SubscriptionRequestsThrottled"]);
    pass(2000);
    expect((await post({}, other)).status).toBe(202);
  });

  test.each([
    ["armReads", "SubscriptionRequestsThrottled"],
    ["operationReads", "OperationNotAllowed"],
    ["subscriptionOperationReads", "OperationNotAllowed"],
  ] as const)("refuses polls by %s, and the reimage goes on", async (limit, code) => {
    const throttle: SimulatorOptions["throttle"] = { [limit]: { capacity: 2, refillPerSecond: 1 } };
    const { post, get, read, pass } = stage({ throttle });
    const url = statusUrl(await post());
    await get(url);
    await get(url);
    const refused = await get(url);
    const { error, ...bare } = await refused.json();
    expect([refused.status, refused.headers.get("retry-after"), (error ?? bare).code]).toEqual([429, "1", code]);
    pass(10_000);
    expect((await read(url)).status).toBe("Succeeded");
  });

  test("refills ARM's buckets by 10 writes and 25 reads a second, up to their size", async () => {
    const { post, get, pass } = stage({ throttle: true, durationMs: 0 });
    const urls: string[] = [];
    const postAll = async () => {
      for (let n = 0; n < 200; n += 1) urls.push(statusUrl(await post({}, { ...vm, vmName: `vm${n}` })));
    };
    const write = async () => (await post({}, { ...vm, vmName: "one-more" })).status;
    const read = async () => (await get(urls.pop() ?? "")).status;
    await postAll();
    expect(await write()).toBe(429);
    pass(99);
    expect(await write()).toBe(429);
    pass(1);
    expect([await write(), await write()]).toEqual([202, 429]);
    pass(3_600_000);
    await postAll();
    expect(await write()).toBe(429);
    for (let n = 0; n < 250; n += 1) expect(await read()).toBe(200);
    expect(await read()).toBe(429);
    pass(40);
    expect([await read(), await read()]).toEqual([200, 429]);
  });

  test("lets pass who waited as long as Retry-After said, whatever floating point makes of it", async () => {
    const { post, pass } = stage({ durationMs: 0, throttle: { vmUpdates: { capacity: 3, refillPerSecond: 0.1 } } });
    for (let n = 0; n < 40; n += 1) {
      const refused = await post();
      if (refused.status === 429) {
        pass(Number(refused.headers.get("retry-after")) * 1000);
        expect((await post()).status).toBe(202);
      }
      pass(100);
    }
  });

  test("takes nothing from any bucket when one of them is empty", async () => {
    const { post } = stage({
      durationMs: 0,
      throttle: {
        vmUpdates: { capacity: 1, refillPerSecond: 0.001 },
        subscriptionVmUpdates: { capacity: 2, refillPerSecond: 0.001 },
      },
    });
    const statuses: number[] = [];
    for (const names of [vm, vm, vm, other, { ...vm, vmName: "third" }]) statuses.push((await post({}, names)).status);
    expect(statuses).toEqual([202, 429, 429, 202, 429]);
  });

  test("counts subscriptions apart", async () => {
    const { post } = stage({ throttle: { armWrites: { capacity: 1, refillPerSecond: 1 } } });
    await post();
    const subscriptionId = "aaaaaaaa-0000-4000-8000-000000000000";
    expect((await post({}, { ...vm, subscriptionId })).status).toBe(202);
    expect((await post({}, { ...vm, subscriptionId: subscriptionId.toUpperCase() })).status).toBe(429);
  });

  test("does not count who brings no token", async () => {
    const { arm, post } = stage({ throttle: { armWrites: { capacity: 1, refillPerSecond: 1 } } });
    await arm.fetch(reimageUrl(), { method: "POST" });
    expect((await post()).status).toBe(202);
    expect(authorization.authorization).toMatch(/^Bearer /);
  });

  test("is forgotten by a reset", async () => {
    const { arm, post } = stage({ throttle: { armWrites: { capacity: 1, refillPerSecond: 0.001 } } });
    await post();
    arm.reset();
    expect((await post()).status).toBe(202);
  });
});
