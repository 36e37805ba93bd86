// What goes wrong on the way, as data: which requests, how often, and whether the service acted all the same.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import type { Fault } from "../../src/simulator/index.js";
import { authorization, idOf, monitorUrl, other, reimageUrl, samples, stage, statusUrl, vm } from "./support.js";

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("it did not reject"),
    (reason: unknown) => reason,
  );

describe("a fault", () => {
  const fault: Fault = { kind: "status", status: 503 };
  const statuses = async (faults: Fault[], polls = 4) => {
    const { post, get } = stage({ faults });
    const reply = await post();
    const told = [reply.status];
    for (let n = 0; n < polls; n += 1) told.push((await get(statusUrl(reply) || reimageUrl())).status);
    return told;
  };

  test("befalls the first request alone unless it says more", async () => {
    expect(await statuses([fault])).toEqual([503, 405, 405, 405, 405]);
  });

  test("befalls polls or the POST, after so many, so often", async () => {
    expect(await statuses([{ ...fault, on: "status" }])).toEqual([202, 503, 200, 200, 200]);
    expect(await statuses([{ ...fault, on: "status", after: 1, times: 2 }])).toEqual([202, 200, 503, 503, 200]);
    expect(await statuses([{ ...fault, on: "status", times: Number.POSITIVE_INFINITY }])).toEqual([
      202, 503, 503, 503, 503,
    ]);
    expect(await statuses([{ ...fault, on: "reimage", after: 1 }])).toEqual([202, 200, 200, 200, 200]);
  });

  test("befalls requests one after the other when there are several", async () => {
    const second: Fault = { kind: "status", status: 500, on: "status", after: 1 };
    expect(await statuses([{ ...fault, on: "status" }, second], 3)).toEqual([202, 503, 500, 200]);
  });

  test("befalls one VM, by its name in any case, also when its operation is polled", async () => {
    const { post, get } = stage({ faults: [{ ...fault, vmName: "ANOTHERVM", on: "status" }] });
    const [one, two] = [await post({}), await post({}, other)];
    expect((await get(statusUrl(one))).status).toBe(200);
    expect((await get(statusUrl(two))).status).toBe(503);
  });

  test("comes again after a reset", async () => {
    const { arm, post } = stage({ faults: [fault] });
    expect([(await post()).status, (await post()).status]).toEqual([503, 202]);
    arm.reset();
    expect((await post()).status).toBe(503);
  });

  test("leaves the VM alone unless the service acted", async () => {
    for (const kind of ["reset", "html", "redirect"] as const) {
      const spared = stage({ faults: [{ kind }] });
      await spared.post().catch(() => {});
      expect(spared.arm.vms.size).toBe(0);
      const acted = stage({ faults: [{ kind, acted: true }] });
      await acted.post().catch(() => {});
      expect(acted.arm.vms.get(idOf())?.provisioningState).toBe("Updating");
    }
  });
});

describe("a status", () => {
  test("comes with the error and the headers it is given, dressed as ARM's own", async () => {
    const error = { code: "ServerBusy", message: "Later." };
    const { post } = stage({ faults: [{ kind: "status", status: 503, error, headers: { "retry-after": "9" } }] });
    const reply = await post();
    expect(reply.headers.get("retry-after")).toBe("9");
    expect(reply.headers.has("x-ms-request-id")).toBe(true);
    expect(await reply.json()).toEqual({ error });
  });

  test("comes with an empty body unless it is given one, also where none is allowed", async () => {
    const { post } = stage({
      faults: [
        { kind: "status", status: 204 },
        { kind: "status", status: 500, after: 1 },
      ],
    });
    for (const status of [204, 500]) {
      const reply = await post();
      expect([reply.status, await reply.text()]).toEqual([status, ""]);
    }
  });
});

describe("a connection", () => {
  test("that breaks rejects like fetch, and the answer is lost", async () => {
    const { arm, post } = stage({ faults: [{ kind: "reset" }] });
    const error = await failure(post());
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
    expect(arm.requests).toMatchObject([{ method: "POST" }]);
    expect(arm.requests[0]).not.toHaveProperty("status");
  });

  test("that never stood rejects with ECONNREFUSED, and the service cannot have acted", async () => {
    const { arm, post } = stage({ faults: [{ kind: "unreachable", acted: true }] });
    expect(await failure(post())).toMatchObject({ cause: { code: "ECONNREFUSED" } });
    expect(arm.vms.size).toBe(0);
  });
});

describe("an answer", () => {
  test("that comes late is true when it comes", async () => {
    vi.useFakeTimers();
    try {
      const { arm, post } = stage({ faults: [{ kind: "delay", ms: 5000 }] });
      const reply = post();
      await vi.advanceTimersByTimeAsync(4999);
      expect(arm.requests[0]).not.toHaveProperty("status");
      expect(arm.vms.get(idOf())?.provisioningState).toBe("Updating");
      await vi.advanceTimersByTimeAsync(1);
      expect((await reply).status).toBe(202);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("that never comes ends with the caller's signal, and leaves no timer", async () => {
    vi.useFakeTimers();
    try {
      const { arm } = stage({
        faults: [
          { kind: "delay", ms: Number.POSITIVE_INFINITY },
          { kind: "delay", ms: 5, after: 1 },
        ],
      });
      for (let n = 0; n < 2; n += 1) {
        const abort = new AbortController();
        const lost = failure(arm.fetch(reimageUrl(), { method: "POST", headers: authorization, signal: abort.signal }));
        await vi.advanceTimersByTimeAsync(1);
        const reason = new Error("enough");
        abort.abort(reason);
        expect(await lost).toBe(reason);
        expect(vi.getTimerCount()).toBe(0);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  test("that is cut announces more than it brings", async () => {
    const { post, get } = stage({ faults: [{ kind: "truncated", on: "status" }] });
    const reply = await get(statusUrl(await post()));
    expect(reply.status).toBe(200);
    const decoder = new TextDecoder();
    const reader = reply.body?.getReader();
    expect(decoder.decode((await reader?.read())?.value)).toMatch(/^\{\r\n {2}"startTime"/);
    expect(await failure(Promise.resolve(reader?.read()))).toMatchObject({ message: "terminated" });
  });

  test("that is empty and cut still breaks off", async () => {
    const { arm, post } = stage({ faults: [{ kind: "truncated" }] });
    const reply = await post();
    expect([reply.status, reply.headers.get("content-length")]).toEqual([202, "2"]);
    expect(await failure(reply.text())).toBeInstanceOf(TypeError);
    expect(arm.vms.get(idOf())?.provisioningState).toBe("Updating");
  });

  test("that is a page says so", async () => {
    const { post } = stage({ faults: [{ kind: "html" }, { kind: "html", status: 502, after: 1 }] });
    const page = await post();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await page.text()).toMatch(/^<!doctype html>/);
    expect((await post()).status).toBe(502);
  });

  test("that leads elsewhere is a redirect, or has status headers of another origin", async () => {
    const { post } = stage({ faults: [{ kind: "redirect" }, { kind: "wrong-origin", after: 1 }], durationMs: 0 });
    const redirect = await post();
    expect([redirect.status, monitorUrl(redirect)]).toEqual([307, "https://elsewhere.invalid/"]);
    const reply = await post();
    expect(reply.status).toBe(202);
    for (const url of [statusUrl(reply), monitorUrl(reply)])
      expect(url).toMatch(/^https:\/\/elsewhere\.invalid\/subscriptions\/.*&h=/);
    const named = stage({ faults: [{ kind: "wrong-origin", origin: "https://evil.test" }] });
    expect(statusUrl(await named.post())).toMatch(/^https:\/\/evil\.test\//);
  });
});

describe("a redirect", () => {
  const redirecting = (status: number, location: string) =>
    stage({ faults: [{ kind: "redirect", on: "reimage", status, location }] });
  const post = { method: "POST", headers: { ...authorization, "content-type": "application/json" }, body: "{}" };

  test("is handed over, refused or followed, as the request says", async () => {
    const target = reimageUrl(other);
    const manual = await redirecting(307, target).arm.fetch(reimageUrl(), { ...post, redirect: "manual" });
    expect(manual.status).toBe(307);
    const { arm } = redirecting(307, target);
    expect(await failure(arm.fetch(reimageUrl(), { ...post, redirect: "error" }))).toBeInstanceOf(TypeError);
    const followed = redirecting(307, target);
    expect((await followed.arm.fetch(reimageUrl(), post)).status).toBe(202);
    expect(followed.arm.requests).toMatchObject([
      { method: "POST", status: 307, body: {} },
      { method: "POST", status: 202, body: {}, url: target },
    ]);
  });

  test("turns a POST into a GET where fetch does", async () => {
    for (const [status, method] of [
      [301, "GET"],
      [302, "GET"],
      [303, "GET"],
      [307, "POST"],
      [308, "POST"],
    ] as const) {
      const { arm } = redirecting(status, reimageUrl(other));
      await arm.fetch(reimageUrl(), post);
      expect(arm.requests[1]?.method).toBe(method);
      expect(Object.hasOwn(arm.requests[1]?.headers ?? {}, "content-type")).toBe(method === "POST");
      expect(arm.requests[1]?.body).toEqual(method === "POST" ? {} : undefined);
    }
  });

  test("to another origin loses the token and finds nobody", async () => {
    const { arm } = redirecting(307, "https://evil.test/");
    expect(await failure(arm.fetch(reimageUrl(), post))).toMatchObject({ cause: { code: "ENOTFOUND" } });
    expect(arm.requests[1]?.url).toBe("https://evil.test/");
    expect(arm.requests[1]?.headers).not.toHaveProperty("authorization");
  });

  test("in a circle ends", async () => {
    const location = reimageUrl();
    const { arm } = stage({ faults: [{ kind: "redirect", times: Number.POSITIVE_INFINITY, location }] });
    expect(await failure(arm.fetch(location, post))).toMatchObject({ cause: { message: "redirect count exceeded" } });
    expect(arm.requests).toHaveLength(21);
  });
});

describe("a signal", () => {
  test("that aborted before rejects with its reason, and nothing arrives", async () => {
    const { arm } = stage();
    const reason = { why: "no" };
    const init = { method: "POST", headers: authorization, signal: AbortSignal.abort(reason) };
    expect(await failure(arm.fetch(reimageUrl(), init))).toBe(reason);
    expect(arm.requests).toEqual([]);
  });

  test("that aborts after the garbage was collected is heard all the same", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { arm } = stage({ faults: [{ kind: "delay", ms: Number.POSITIVE_INFINITY, times: 20 }] });
    const aborts = Array.from({ length: 20 }, () => new AbortController());
    const ends = aborts.map(({ signal }, n) => {
      const init = { method: "POST", headers: authorization, signal };
      const lost = n % 2 ? arm.fetch(reimageUrl(), init) : arm.fetch(new Request(reimageUrl(), init));
      return lost.then(
        () => "answered",
        ({ message }: Error) => message,
      );
    });
    for (let n = 0; n < 3; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    for (const abort of aborts) abort.abort(new Error("enough"));
    const late = new Promise((resolve) => setTimeout(resolve, 1_000, "never"));
    expect(new Set(await Promise.all(ends.map((end) => Promise.race([end, late]))))).toEqual(new Set(["enough"]));
  });

  test("that never aborts keeps no listener", async () => {
    vi.useFakeTimers();
    try {
      const { signal } = new AbortController();
      const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
      const removed = vi.spyOn(AbortSignal.prototype, "removeEventListener");
      const { arm } = stage({ faults: [{ kind: "delay", ms: 10 }] });
      const reply = arm.fetch(reimageUrl(), { method: "POST", headers: authorization, signal });
      await vi.advanceTimersByTimeAsync(10);
      await reply;
      const [listener] = added.mock.calls
        .filter(([name]) => name === "abort")
        .map(([, callback]) => callback)
        .slice(-1);
      expect(removed.mock.calls.map(([, callback]) => callback)).toContain(listener);
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });
});

test("what was sent is written down without token, secrets and signatures", async () => {
  const { arm, post, get } = stage();
  const reply = await post(samples.nonEphemeral, vm, { cookie: "session=1", "x-mine": "yes" });
  await get(statusUrl(reply));
  expect(arm.requests).toMatchObject([
    {
      method: "POST",
      url: reimageUrl(),
      status: 202,
      headers: { authorization: "Bearer ***", "x-mine": "yes" },
      body: { tempDisk: true, exactVersion: "aaaaaa", osProfile: { adminPassword: "***", customData: "***" } },
    },
    {
      method: "GET",
      status: 200,
      url: expect.stringMatching(/\?p=[\w-]+&api-version=[\d-]+&t=\*{3}&c=\*{3}&s=\*{3}&h=\*{3}$/),
    },
  ]);
  expect(arm.requests[1]).not.toHaveProperty("body");
  const { adminPassword, customData } = samples.nonEphemeral.osProfile;
  const signature = new URL(statusUrl(reply)).searchParams.get("s") ?? "";
  for (const secret of ["a-token", "session=1", adminPassword, customData, signature])
    expect(JSON.stringify(arm.requests)).not.toContain(secret);
});

test("secrets are masked in whichever case, at whichever depth, and in JSON that was encoded twice", async () => {
  const { arm, post } = stage();
  const secret = "s3cret-Value!";
  const bodies = [
    { OSProfile: { AdminPassword: secret } },
    { properties: [{ osProfile: { customdata: { inner: secret } } }] },
    { osProfile: JSON.stringify({ adminPassword: secret }) },
    JSON.stringify(JSON.stringify({ osProfile: { adminPassword: secret } })),
    [[JSON.stringify({ osProfile: { adminPassword: secret } })]],
  ];
  for (const body of bodies) await post(body);
  expect(arm.requests.map(({ body }) => body)).toEqual([
    { OSProfile: { AdminPassword: "***" } },
    { properties: [{ osProfile: { customdata: "***" } }] },
    { osProfile: "***" },
    "***",
    [["***"]],
  ]);
});

test("headers and parts of a URL that may be secret are masked, the others shown", async () => {
  const { arm, post, get } = stage();
  const headers = { "x-ms-authorization-auxiliary": "Bearer s3cret", "x-api-key": "s3cret", "x-my-password": "s3cret" };
  await post({}, vm, { ...headers, "x-mine": "shown" });
  await get(`${reimageUrl()}&code=s3cret&access_token=s3cret&$expand=instanceView`);
  expect(JSON.stringify(arm.requests)).not.toContain("s3cret");
  expect(arm.requests[0]?.headers).toMatchObject({ "x-mine": "shown", "x-api-key": "***" });
  expect(arm.requests[1]?.url).toBe(`${reimageUrl()}&code=***&access_token=***&$expand=instanceView`);
});

test("what was sent and is no JSON, or has no secrets where they would be, is written down safely", async () => {
  const { arm, post } = stage();
  await post('{"osProfile":{"adminPassword":"half');
  await post({ osProfile: "adminPassword" });
  await post([1]);
  await post({}, vm, { authorization: "Basic abcdef" });
  expect(arm.requests.map(({ body }) => body)).toEqual([undefined, { osProfile: "***" }, [1], {}]);
  expect(arm.requests[3]?.headers.authorization).toBe("***");
});
