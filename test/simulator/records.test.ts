// The record of an operation: from when to when its status can be read, and by which URL.
import { describe, expect, test } from "vitest";
import { apiVersion, authorization, monitorUrl, said, stage, statusUrl } from "./support.js";

describe("the record of an operation", () => {
  test("is there at once and for ever unless an option says otherwise", async () => {
    const { post, read, pass } = stage();
    const url = statusUrl(await post());
    expect((await read(url)).status).toBe("InProgress");
    pass(10 * 365 * 24 * 3_600_000);
    expect((await read(url)).status).toBe("Succeeded");
  });

  test("lags behind the 202 by an option: 404 until then, by either URL", async () => {
    const { post, get, read, pass } = stage({ statusRecord: { lagMs: 3_000 } });
    const reply = await post();
    pass(2_999);
    for (const url of [statusUrl(reply), monitorUrl(reply)])
      expect(await said(await get(url))).toEqual([404, "NotFound"]);
    pass(1);
    expect((await read(statusUrl(reply))).status).toBe("InProgress");
  });

  test.each([
    [undefined, 404, "NotFound"],
    [410, 410, "Gone"],
  ] as const)("is kept as long as an option says, counted from the end: then %s is %i", async (gone, status, code) => {
    const { post, get, read, pass } = stage({ statusRecord: { keptMs: 5_000, ...(gone && { gone }) } });
    const reply = await post();
    pass(14_999);
    expect((await read(statusUrl(reply))).status).toBe("Succeeded");
    pass(1);
    for (const url of [statusUrl(reply), monitorUrl(reply)]) expect(await said(await get(url))).toEqual([status, code]);
  });

  test("of one that hangs does not expire", async () => {
    const { post, read, pass } = stage({ outcome: "hang", statusRecord: { keptMs: 0 } });
    const url = statusUrl(await post());
    pass(24 * 3_600_000);
    expect((await read(url)).status).toBe("InProgress");
  });

  test("of one that was preempted expires from when that happened", async () => {
    const { post, get, pass } = stage({ busy: "preempt", statusRecord: { keptMs: 1_000 } });
    const url = statusUrl(await post());
    pass(2_000);
    await post();
    expect((await get(url)).status).toBe(200);
    pass(1_000);
    expect((await get(url)).status).toBe(404);
  });
});

describe("a status URL", () => {
  test("has no signature where recordings of 2019 have none", async () => {
    const { post, read } = stage({ signedStatusUrls: false });
    const reply = await post();
    const names = (url: string) => [...new URL(url).searchParams.keys()];
    expect(names(statusUrl(reply))).toEqual(["p", "api-version"]);
    expect(names(monitorUrl(reply))).toEqual(["p", "monitor", "api-version"]);
    expect((await read(statusUrl(reply))).status).toBe("InProgress");
  });

  test("has an api-version of its own by an option", async () => {
    const { post, read } = stage({ statusApiVersion: "2019-12-01" });
    const url = statusUrl(await post());
    expect(new URL(url).searchParams.get("api-version")).toBe("2019-12-01");
    expect(apiVersion).not.toBe("2019-12-01");
    expect((await read(url)).status).toBe("InProgress");
  });

  test("that was changed is taken where that refusal is turned off", async () => {
    const { post, arm } = stage({ refuse: { changedStatusUrl: false } });
    const changed = statusUrl(await post()).replace(/&h=.*/, "");
    expect((await arm.fetch(changed, { headers: authorization })).status).toBe(200);
  });
});
