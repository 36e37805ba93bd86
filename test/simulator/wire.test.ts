// What the simulator says on the wire is what recordings of the service say.
import { describe, expect, test } from "vitest";
import { endpoint } from "../../generated/operations.js";
import { createSimulator } from "../../src/simulator/index.js";
import { apiVersion, monitorUrl, noon, reimageUrl, samples, stage, statusUrl, vm } from "./support.js";

const GUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

describe("the answer to the POST", () => {
  test.each(Object.entries(samples))("accepts the sample %s with 202 and an empty body", async (_, body) => {
    const reply = await stage().post(body);
    expect(reply.status).toBe(202);
    expect(await reply.text()).toBe("");
    expect(reply.headers.get("content-length")).toBe("0");
    expect(reply.headers.has("content-type")).toBe(false);
  });

  test("accepts a POST without a body", async () => {
    expect((await stage().post()).status).toBe(202);
  });

  test("leads to signed status URLs of 3.2 kB, with monitor=true on Location alone", async () => {
    const reply = await stage().post();
    const subscription = `${endpoint}/subscriptions/${vm.subscriptionId}`;
    const head = `${subscription}/providers/Microsoft\\.Compute/locations/westus/operations/${GUID}\\?p=${GUID}`;
    const tail = `&api-version=${apiVersion}&t=638448912000000000&c=MII[\\w-]+&s=[\\w-]+&h=[\\w-]+$`;
    expect(statusUrl(reply)).toMatch(new RegExp(`^${head}${tail}`));
    expect(monitorUrl(reply)).toMatch(new RegExp(`^${head}&monitor=true${tail}`));
    for (const url of [statusUrl(reply), monitorUrl(reply)]) {
      expect(url.length).toBeGreaterThan(3100);
      expect(url.length).toBeLessThan(3300);
    }
  });

  test("carries ids, the caller's correlation id, and rate limits that count down", async () => {
    const { post } = stage({ durationMs: 0 });
    const { headers } = await post({}, vm, { "x-ms-correlation-request-id": "mine" });
    expect(headers.get("x-ms-correlation-request-id")).toBe("mine");
    expect(headers.get("x-ms-request-id")).toMatch(new RegExp(`^${GUID}$`));
    expect(headers.get("x-ms-routing-request-id")).toBe("WESTUS:20240301T120000Z:mine");
    expect(headers.get("x-ms-ratelimit-remaining-subscription-writes")).toBe("199");
    expect(headers.get("x-ms-ratelimit-remaining-resource")).toBe(
      "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11",
    );
    expect(headers.get("date")).toBe("Fri, 01 Mar 2024 12:00:00 GMT");
    const next = await post({});
    expect(next.headers.get("x-ms-correlation-request-id")).toMatch(new RegExp(`^${GUID}$`));
    expect(next.headers.get("x-ms-ratelimit-remaining-subscription-writes")).toBe("198");
    expect(next.headers.get("x-ms-ratelimit-remaining-resource")).toMatch(/Maximum;1498,.*Resource;10$/);
  });

  test("names the operation by the id of the request that began it", async () => {
    const reply = await stage().post();
    expect(statusUrl(reply)).toContain(`/operations/${reply.headers.get("x-ms-request-id")}?`);
  });

  test("returns the client's request id when it is asked to", async () => {
    const { post } = stage({ durationMs: 0 });
    const id = { "x-ms-client-request-id": "c" };
    expect((await post({}, vm, id)).headers.has("x-ms-client-request-id")).toBe(false);
    const asked = await post({}, vm, { ...id, "x-ms-return-client-request-id": "true" });
    expect(asked.headers.get("x-ms-client-request-id")).toBe("c");
  });

  test.each([
    ["both", true, true],
    ["azure-asyncoperation", true, false],
    ["location", false, true],
  ] as const)("has the status headers that are asked for: %s", async (statusHeader, azure, location) => {
    const { headers } = await stage({ statusHeader }).post();
    expect([headers.has("azure-asyncoperation"), headers.has("location")]).toEqual([azure, location]);
  });

  test("is 200 at once without status headers, and the VM is reimaged", async () => {
    const { arm, post } = stage({ statusHeader: "none" });
    const reply = await post();
    expect([reply.status, statusUrl(reply), monitorUrl(reply), await reply.text()]).toEqual([200, "", "", ""]);
    expect([...arm.vms.values()]).toMatchObject([{ reimages: 1, provisioningState: "Succeeded" }]);
  });

  test("never comes when a reimage without status headers hangs", async () => {
    const { arm } = stage({ statusHeader: "none", outcome: "hang" });
    const abort = new AbortController();
    const init = { method: "POST", headers: { authorization: "Bearer t" }, signal: abort.signal };
    const lost = arm.fetch(reimageUrl(), init);
    lost.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...arm.vms.values()]).toMatchObject([{ reimages: 0, provisioningState: "Updating" }]);
    abort.abort(new Error("enough"));
    await expect(lost).rejects.toThrow("enough");
  });

  test("is 500 with the error at once when a reimage without status headers fails", async () => {
    const reply = await stage({ statusHeader: "none", outcome: "failed" }).post();
    expect(reply.status).toBe(500);
    expect(await reply.json()).toMatchObject({ error: { code: "OSProvisioningTimedOut" } });
  });
});

describe("a poll", () => {
  test("of Azure-AsyncOperation reads exactly the recorded members, printed with CRLF and two blanks", async () => {
    const { post, get, pass } = stage();
    const reply = await post();
    const name = reply.headers.get("x-ms-request-id");
    const start = '{\r\n  "startTime": "2024-03-01T12:00:00.0000000+00:00",\r\n';
    const running = await get(statusUrl(reply));
    expect(running.status).toBe(200);
    expect(running.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await running.text()).toBe(`${start}  "status": "InProgress",\r\n  "name": "${name}"\r\n}`);
    pass(10_000);
    const end = '  "endTime": "2024-03-01T12:00:10.0000000+00:00",\r\n';
    expect(await (await get(statusUrl(reply))).text()).toBe(
      `${start}${end}  "status": "Succeeded",\r\n  "name": "${name}"\r\n}`,
    );
  });

  test("of Location is 202 while it runs, then 200, both empty", async () => {
    const { post, get, pass } = stage();
    const url = monitorUrl(await post());
    const running = await get(url);
    expect([running.status, await running.text(), monitorUrl(running)]).toEqual([202, "", url]);
    pass(10_000);
    const ended = await get(url);
    expect([ended.status, await ended.text(), ended.headers.has("location")]).toEqual([200, "", false]);
  });

  test("of Location tells a failure by the status document", async () => {
    const { post, read, pass } = stage({ outcome: "failed" });
    const reply = await post();
    pass(10_000);
    expect(await read(monitorUrl(reply))).toMatchObject({ status: "Failed" });
  });

  test("announces its length in bytes", async () => {
    const { post, get, pass } = stage({ outcome: { status: "failed", message: "Größe" } });
    const url = statusUrl(await post());
    pass(10_000);
    const reply = await get(url);
    expect(reply.headers.get("content-length")).toBe(String((await reply.arrayBuffer()).byteLength));
  });

  test("follows the clock, never the number of polls", async () => {
    const { post, read, pass } = stage();
    const url = statusUrl(await post());
    pass(9_999);
    for (let n = 0; n < 30; n += 1) expect((await read(url)).status).toBe("InProgress");
    pass(1);
    expect((await read(url)).status).toBe("Succeeded");
  });

  test("counts reads down, apart from writes", async () => {
    const { post, get } = stage();
    const url = statusUrl(await post());
    await get(url);
    const { headers } = await get(url);
    expect(headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("248");
    expect(headers.has("x-ms-ratelimit-remaining-subscription-writes")).toBe(false);
    expect(headers.get("x-ms-ratelimit-remaining-resource")).toBe(
      "Microsoft.Compute/GetOperationResource;43,Microsoft.Compute/GetOperationSubscriptionMaximum;14998",
    );
  });

  test("is refused when a single character of the URL's query differs", async () => {
    const { post, get } = stage();
    const url = statusUrl(await post());
    for (const name of ["p", "api-version", "t", "c", "s", "h"]) {
      const tampered = new URL(url);
      tampered.searchParams.set(name, `${tampered.searchParams.get(name)}0`);
      expect((await get(tampered.href)).status).toBe(403);
    }
    expect((await get(url.replace("&t=", "&monitor=true&t="))).status).toBe(403);
    expect((await get(url.replace(/\?.*/, ""))).status).toBe(403);
    expect((await get(url)).status).toBe(200);
  });

  test("is 404 for an operation that never was, and for another subscription or region", async () => {
    const { post, get } = stage();
    const url = statusUrl(await post());
    for (const change of [/\/operations\/./, /\/subscriptions\/./, /\/locations\/./]) {
      expect((await get(url.replace(change, (found) => `${found.slice(0, -1)}f`))).status).toBe(404);
    }
  });
});

describe("Retry-After", () => {
  const asked = async (options: Parameters<typeof stage>[0]) => {
    const { post, get, pass } = stage(options);
    const reply = await post();
    const replies = [reply, await get(statusUrl(reply)), await get(monitorUrl(reply))];
    pass(10_000);
    replies.push(await get(statusUrl(reply)), await get(monitorUrl(reply)));
    return replies.map(({ headers }) => headers.get("retry-after"));
  };

  test("is on the 202 and on running polls, and absent on the last", async () => {
    expect(await asked({ retryAfterSeconds: 7 })).toEqual(["7", "7", "7", null, null]);
    expect(await asked({})).toEqual(["1", "1", "1", null, null]);
  });

  test("can be another one on polls, and absent altogether", async () => {
    expect(await asked({ retryAfterSeconds: { accepted: 10, running: 30 } })).toEqual(["10", "30", "30", null, null]);
    expect(await asked({ retryAfterSeconds: null })).toEqual([null, null, null, null, null]);
  });
});

describe("where it is", () => {
  const post = { method: "POST", headers: { authorization: "Bearer t" } };

  test("in all three clouds, and status URLs stay in the one that was asked", async () => {
    for (const origin of ["https://management.usgovcloudapi.net", "https://management.chinacloudapi.cn"]) {
      const reply = await createSimulator().fetch(reimageUrl().replace(endpoint, origin), post);
      expect(statusUrl(reply)).toMatch(new RegExp(`^${origin}/subscriptions/`));
    }
  });

  test("at an endpoint with a path of its own, and nowhere else", async () => {
    const arm = createSimulator({ endpoint: "https://gateway.test/arm/" });
    expect(arm.endpoint).toBe("https://gateway.test/arm");
    const reply = await arm.fetch(reimageUrl().replace(endpoint, arm.endpoint), post);
    expect(statusUrl(reply)).toMatch(/^https:\/\/gateway\.test\/arm\/subscriptions\//);
    expect((await arm.fetch(statusUrl(reply), { headers: post.headers })).status).toBe(200);
    await expect(arm.fetch(reimageUrl(), post)).rejects.toThrow(TypeError);
    expect((await arm.fetch("https://gateway.test/armada", post)).status).toBe(404);
    expect(arm.requests.map(({ status }) => status)).toEqual([202, 200, undefined, 404]);
  });

  test("takes fetch's three kinds of input", async () => {
    const { fetch } = createSimulator({ durationMs: 0 });
    for (const input of [reimageUrl(), new URL(reimageUrl()), new Request(reimageUrl(), post)]) {
      expect((await fetch(input, post)).status).toBe(202);
    }
  });
});

test("a region may have any name, and status URLs name it", async () => {
  const { post, read } = stage({ vms: [{ ...vm, location: "west europe" }] });
  const url = statusUrl(await post({}));
  expect(url).toContain("/locations/west%20europe/operations/");
  expect((await read(url)).status).toBe("InProgress");
});

describe("the same requests", () => {
  const story = async (seed?: number) => {
    const { arm, post, get } = stage(seed === undefined ? {} : { seed });
    const first = await post(samples.tempDisk);
    const replies = [first, await get(statusUrl(first)), await post()];
    return [...replies.map(({ headers }) => [...headers]), [...arm.vms], [...arm.requests]];
  };

  test("get the same answers, ids and signatures from another simulator", async () => {
    expect(await story()).toEqual(await story());
  });

  test("get other ids from another seed", async () => {
    expect(JSON.stringify(await story(2)).match(new RegExp(GUID, "g"))).not.toEqual(
      JSON.stringify(await story(3)).match(new RegExp(GUID, "g")),
    );
  });

  test("get the same answers again after a reset", async () => {
    const { arm, post } = stage();
    const first = [...(await post()).headers];
    const { requests } = arm;
    arm.reset();
    expect([requests.length, arm.vms.size]).toEqual([0, 0]);
    expect([...(await post()).headers]).toEqual(first);
    expect(requests).toHaveLength(1);
  });

  test("have ids that never repeat", async () => {
    const { post } = stage({ durationMs: 0 });
    const ids = new Set<string | null>();
    for (let n = 0; n < 500; n += 1) {
      const { headers } = await post();
      ids.add(headers.get("x-ms-request-id")).add(headers.get("x-ms-correlation-request-id"));
    }
    expect(ids.size).toBe(1000);
  });
});

test("the clock is the wall clock unless another is given", async () => {
  const before = Date.now();
  const arm = createSimulator();
  await arm.fetch(reimageUrl(), { method: "POST" });
  expect(arm.requests[0]?.at).toBeGreaterThanOrEqual(before);
  expect(arm.requests[0]?.at).toBeLessThanOrEqual(Date.now());
  expect(noon(1) - noon()).toBe(1000);
});
