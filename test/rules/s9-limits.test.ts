/** S9, S10, S11: how much of an answer is read, for how long, and that nothing in it reaches further than its own properties. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ReimageClientOptions, SerializedOperation } from "../../src/index.js";
import {
  type Answer,
  accepted,
  chunked,
  closeAll,
  delayed,
  endlessDrip,
  everywhere,
  expectNoLeftovers,
  fakeCredential,
  gate,
  gzipBomb,
  gzipped,
  hang,
  json,
  late,
  neverSettles,
  pause,
  running,
  slowHeaders,
  startArm,
  status,
  succeeded,
  text,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import {
  clientFor,
  ENDPOINT,
  expectMaybe,
  failure,
  inProcess,
  type Say,
  STATUS_URL,
  say,
  say202,
  sayStatus,
  silence,
  told,
  vm,
} from "./support-s.js";

afterEach(closeAll);

const CAP = 1_048_576;

/** A body of JSON of exactly so many bytes, with its word at the very end. */
function padded(size: number, word = "Succeeded"): string {
  const end = `"status":"${word}"}`;
  return `{"a":"${"x".repeat(size - end.length - 8)}",${end}`;
}

describe("S9: the cap", () => {
  test("S9: a body of exactly 1 MiB is read, and one byte more is not", async () => {
    expect(Buffer.byteLength(padded(CAP))).toBe(CAP);
    for (const make of [
      (body: string) => json(200, body),
      (body: string) => chunked(json(200, body)),
      (body: string) => gzipped(json(200, body)),
    ]) {
      const arm = await startArm();
      arm.onPost(accepted());
      arm.onPoll(make(padded(CAP + 1)), make(padded(CAP)));
      const operation = await clientFor(arm).beginReimage(vm);
      const first = await operation.poll();
      expect(first).toMatchObject({ status: "running", readFailures: 1 });
      expect((await operation.poll()).status).toBe("succeeded");
      await closeAll();
    }
  });

  test("S9: the cap counts bytes, not characters", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    const wide = `{"status":"Succeeded","a":"${"é".repeat(CAP / 2)}"}`;
    expect(wide.length).toBeLessThan(CAP);
    arm.onPoll(json(200, wide), succeeded());
    const operation = await clientFor(arm).beginReimage(vm);
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1 });
  });

  /** The most that the process grew by while something ran. */
  async function growth(run: () => Promise<unknown>): Promise<number> {
    const used = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    globalThis.gc?.();
    const before = used();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, used() - before);
    }, 1);
    await run();
    clearInterval(watch);
    return Math.max(most, used() - before);
  }

  test("S9: a gzip bomb on a status request is given up after a megabyte, and its connection closed", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(gzipBomb(), gzipBomb(), succeeded());
    const operation = await clientFor(arm).beginReimage(vm);
    await operation.poll();
    const grown = await growth(() => operation.poll());
    expect(operation.state).toMatchObject({ status: "running", readFailures: 2 });
    expect(grown).toBeLessThan(40 * CAP);
    await arm.until(() => arm.polls.every(({ socket }) => socket.closed));
    expect((await operation.poll()).status).toBe("succeeded");
  });

  test("S9: a gzip bomb as the answer to the POST is no success, and its connection is closed", async () => {
    const arm = await startArm();
    arm.onPost(gzipBomb());
    const grown = await growth(async () => expectMaybe(await failure(clientFor(arm).reimage(vm))));
    expect(grown).toBeLessThan(60 * CAP);
    await arm.until(() => arm.posts[0]?.socket.closed === true);
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S9: six endless bodies in a row end the reading, not the process", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(always(text(200, Buffer.alloc(CAP + 9, "x"))));
    const error = await failure(clientFor(arm).reimage(vm));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "unreadable-status" });
    expect(error.resume).toBeDefined();
  });

  test("S9: the stream is cancelled, once, and what it had not given is never asked for", async () => {
    let pulled = 0;
    let cancelled = 0;
    const stream = () =>
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            pulled += 1;
            controller.enqueue(new Uint8Array(65_536).fill(32));
          },
          cancel: () => {
            cancelled += 1;
          },
        },
        { highWaterMark: 0 },
      );
    const service = inProcess(say202(), () => new Response(stream()), sayStatus("Succeeded"));
    const operation = await clientFor({ url: ENDPOINT }, service).beginReimage(vm);
    await operation.poll();
    await pause(5);
    expect(cancelled).toBe(1);
    expect(pulled).toBe(17);
  });

  test("S9: a stream whose cancel rejects is nobody's unhandled rejection", async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(500_000)),
      cancel: () => Promise.reject(new Error("no")),
    });
    await expectNoLeftovers(async () => {
      const service = inProcess(() => new Response(stream));
      expectMaybe(await failure(clientFor({ url: ENDPOINT }, service).reimage(vm)));
      await pause(5);
    });
  });

  test("S9: the stream of an answer that comes when the time is over is cancelled, though it never gives a byte", async () => {
    const cancelled = gate();
    const stream = new ReadableStream<Uint8Array>({ cancel: cancelled.open });
    const service = inProcess(async () => {
      await pause(60);
      return new Response(stream);
    });
    expectMaybe(await failure(clientFor({ url: ENDPOINT }, { ...service, requestTimeoutMs: 30 }).reimage(vm)));
    await cancelled.opened;
  });

  test("S9: the cap holds for a fetch of the caller's own that knows no streams", async () => {
    const text = (bytes: number) => `{"status":"Succeeded","filling":"${"x".repeat(bytes - 35)}"}`;
    for (const [size, known] of [
      [2 ** 20, { status: "succeeded" }],
      [2 ** 20 + 1, { status: "running", readFailures: 1 }],
    ] as const) {
      const whole = { status: 200, headers: new Headers(), body: {}, text: async () => text(size) };
      expect(text(size)).toHaveLength(size);
      const service = inProcess(say202(), () => whole as unknown as Response);
      const operation = await clientFor({ url: ENDPOINT }, service).beginReimage(vm);
      expect(await operation.poll()).toMatchObject(known);
    }
  });

  test("S9: a stream of empty chunks ends too", async () => {
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array()) });
    const service = inProcess(say202(), () => new Response(stream));
    const operation = await clientFor({ url: ENDPOINT }, service).beginReimage(vm);
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1 });
  });

  test("S9: a refusal too long to read is a refusal", async () => {
    const arm = await startArm();
    arm.onPost(json(409, { error: { code: "c", message: "x".repeat(2 * CAP) } }));
    expect(await failure(clientFor(arm).reimage(vm))).toMatchObject({
      name: "RequestRejectedError",
      status: 409,
      started: "no",
    });
  });
});

describe("S10: one time limit covers token, headers and body", () => {
  const quick = { requestTimeoutMs: 150 };
  async function elapsed(run: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await run();
    return performance.now() - start;
  }

  const slow: readonly (readonly [string, Answer, Partial<ReimageClientOptions>])[] = [
    ["the token", status(200), { credential: fakeCredential(neverSettles()) }],
    ["the answer", hang(), {}],
    ["the headers", slowHeaders(json(200, {}), { everyMs: 20, bytes: 1 }), {}],
    ["the body", endlessDrip({ everyMs: 5, bytes: 1 }), {}],
  ];
  test.each(slow)("S10: on the POST, when %s does not come", async (_, answer, options) => {
    const arm = await startArm();
    arm.onPost(answer);
    const took = await elapsed(() => failure(clientFor(arm, { ...quick, ...options }).reimage(vm)));
    expect(took).toBeGreaterThan(140);
    expect(took).toBeLessThan(1_500);
  });

  test.each(slow)("S10: on a status request, when %s does not come: the next one may", async (what, answer) => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(...(what === "the token" ? [] : [answer]), succeeded());
    const short = () => Promise.resolve({ token: "short", expiresOnTimestamp: Date.now() });
    const credential = what === "the token" ? fakeCredential(short, neverSettles(), "fresh") : fakeCredential();
    const operation = await clientFor(arm, { ...quick, credential }).beginReimage(vm);
    const took = await elapsed(() => operation.poll());
    expect(operation.state).toMatchObject({ status: "running", readFailures: 1 });
    expect(took).toBeGreaterThan(140);
    expect(took).toBeLessThan(1_500);
    expect((await operation.poll()).status).toBe("succeeded");
  });

  test("S10: it is one limit for all of them together, not one for each", async () => {
    const arm = await startArm();
    arm.onPost(delayed(40, endlessDrip({ everyMs: 5, bytes: 1 })));
    const credential = fakeCredential(late(240, "late"));
    const took = await elapsed(async () => {
      expectMaybe(await failure(clientFor(arm, { requestTimeoutMs: 320, credential }).reimage(vm)));
    });
    expect(took).toBeGreaterThan(310);
    expect(took).toBeLessThan(520);
  });

  const deaf: readonly (readonly [string, Say])[] = [
    ["a fetch", () => new Promise(() => {})],
    ["a body", () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
    ["a body whose cancel never ends", () => new Response(new ReadableStream({ cancel: () => new Promise(() => {}) }))],
  ];
  test.each(deaf)(
    "S10: %s that does not heed its signal ends with the limit, and with the caller's signal",
    async (_, answer) => {
      for (const ending of ["limit", "signal"]) {
        const requestTimeoutMs = ending === "limit" ? 60 : 5_000;
        const call = ending === "limit" ? {} : { signal: AbortSignal.timeout(60) };
        const client = clientFor({ url: ENDPOINT }, { ...inProcess(answer), requestTimeoutMs });
        expect(await elapsed(() => failure(client.reimage(vm, undefined, call)))).toBeLessThan(1_000);
      }
    },
  );

  test("S10: the timeoutMs of the POST covers the token too: nothing is sent when it passes", async () => {
    for (const credential of [fakeCredential(neverSettles()), () => new Promise<string>(() => {})]) {
      const service = inProcess();
      const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
      const error = await failure(client.beginReimage(vm, undefined, { timeoutMs: 60 }));
      expect(error).toMatchObject({ name: "AuthenticationError", started: "no" });
      expect(service.calls).toEqual([]);
    }
  });

  test("S10: what is quick enough is not touched by it, and leaves no timer", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(running(), succeeded());
    await expectNoLeftovers(() => clientFor(arm, { requestTimeoutMs: 60_000, timeoutMs: 7_200_000 }).reimage(vm));
  });

  test("S10: the whole wait has one too: what hangs, hangs no longer than it", async () => {
    const arm = await startArm();
    arm.onPost(accepted(), accepted());
    arm.onPoll(hang(), always(running()));
    for (const options of [{ requestTimeoutMs: 60_000 }, {}]) {
      const client = clientFor(arm, options);
      const took = await elapsed(async () => {
        const error = await failure(client.reimage(vm, undefined, { timeoutMs: 200 }));
        expect(error).toMatchObject({ name: "WaitTimeoutError", started: "yes" });
        expect(error.resume?.statusUrl).toContain(arm.url);
      });
      expect(took).toBeGreaterThan(180);
      expect(took).toBeLessThan(1_500);
    }
  });

  test("S10: by the clock, the defaults are a minute for a request and two hours for a wait", async () => {
    vi.useFakeTimers();
    try {
      const never = inProcess(always(silence));
      const client = (service: typeof never) =>
        clientFor({ url: ENDPOINT }, { fetch: service.fetch, requestTimeoutMs: 60_000 });
      let ended = "";
      void client(never)
        .reimage(vm)
        .catch((error: Error) => {
          ended = error.name;
        });
      await vi.advanceTimersByTimeAsync(59_900);
      expect(ended).toBe("");
      await vi.advanceTimersByTimeAsync(200);
      expect(ended).toBe("OutcomeUnknownError");

      const { createReimageClient } = await import("../../src/index.js");
      const hanging = createReimageClient({ credential: () => "t", fetch: never.fetch });
      ended = "";
      void hanging.reimage(vm).catch((error: Error) => {
        ended = error.name;
      });
      await vi.advanceTimersByTimeAsync(59_900);
      expect(ended).toBe("");
      await vi.advanceTimersByTimeAsync(200);
      expect(ended).toBe("OutcomeUnknownError");

      const service = inProcess(say202(), always(sayStatus("Running", {}, { "retry-after": "600" })));
      const patient = createReimageClient({ credential: () => "t", fetch: service.fetch });
      ended = "";
      void patient.reimage(vm).catch((error: Error) => {
        ended = error.name;
      });
      await vi.advanceTimersByTimeAsync(7_199_000);
      expect(ended).toBe("");
      await vi.advanceTimersByTimeAsync(2_000);
      expect(ended).toBe("WaitTimeoutError");
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, "60", null])("S10: a limit of %j is refused", async (bad) => {
    for (const name of ["requestTimeoutMs", "timeoutMs", "pollIntervalMs"]) {
      const error = await failure(() => clientFor({ url: ENDPOINT }, { [name]: bad as number }));
      expect(error).toMatchObject({ name: "InvalidInputError", issues: [{ path: name }] });
    }
  });

  test("S10: a limit beyond every timer does not end at once", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(delayed(30, succeeded()));
    const huge = { requestTimeoutMs: 2 ** 40, timeoutMs: 2 ** 40, credential: fakeCredential(late(30, "late")) };
    await expectNoLeftovers(async () => {
      const operation = await clientFor(arm, huge).beginReimage(vm, undefined, { timeoutMs: 2 ** 40 });
      expect((await operation.poll()).status).toBe("succeeded");
    });
  });
});

describe("S11: own properties only", () => {
  const polluting: readonly (readonly [string, string])[] = [
    ["a status in __proto__", '{"__proto__":{"status":"Succeeded"}}'],
    ["a status in constructor.prototype", '{"constructor":{"prototype":{"status":"Succeeded"}}}'],
    ["a list with a status", '[{"status":"Succeeded"}]'],
  ];
  test.each(polluting)("S11: %s is no status, and pollutes nothing", async (_, body) => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(json(200, body), succeeded());
    const operation = await clientFor(arm).beginReimage(vm);
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1 });
    expect(({} as { status?: unknown }).status).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("S11: an error in __proto__ is no error of the service", async () => {
    const bodies = [
      '{"__proto__":{"error":{"code":"Polluted","message":"m"}}}',
      '{"error":{"__proto__":{"code":"Polluted"},"details":[{"__proto__":{"code":"Polluted"}}],"innererror":{"__proto__":{"errordetail":"Polluted"}}}}',
    ];
    for (const body of bodies) {
      const service = inProcess(say(400, body));
      const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(vm));
      expect(error).toMatchObject({ name: "RequestRejectedError", status: 400 });
      expect(JSON.stringify(error)).not.toContain("Polluted");
      expect(({} as { code?: unknown }).code).toBeUndefined();
    }
  });

  test("S11: names like __proto__ in headers become no prototype", async () => {
    const headers = {
      "x-ms-ratelimit-remaining-resource": "__proto__;7,constructor;8",
      "x-ms-ratelimit-remaining-__proto__": "9",
    };
    const service = inProcess(
      say202(STATUS_URL, headers),
      sayStatus("Running", {}, headers),
      sayStatus("Succeeded", {}, headers),
    );
    const state = await clientFor({ url: ENDPOINT }, service).reimage(vm);
    expect(Object.getPrototypeOf(state.rateLimits ?? {})).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["7"]).toBeUndefined();
  });

  test("S11: a saved state is read by its own properties alone", async () => {
    const service = inProcess(say202());
    const client = clientFor({ url: ENDPOINT }, service);
    const saved = JSON.parse(JSON.stringify(await client.beginReimage(vm)));
    const texts = [
      `{"__proto__":${JSON.stringify(saved)}}`,
      JSON.stringify({ ...saved, vm: undefined }).replace("{", `{"__proto__":{"vm":${JSON.stringify(vm)}},`),
    ];
    for (const text of texts)
      expect(await failure(() => client.resume(text))).toMatchObject({ name: "InvalidInputError" });
    expect(await failure(() => client.resume(Object.create(saved) as SerializedOperation))).toMatchObject({
      name: "InvalidInputError",
    });
  });

  test("S11: in a program whose prototypes are polluted, an answer without a word is still none", async () => {
    const service = inProcess(say202(), say(200, "{}"), say(200, '{"error":{}}'), sayStatus("Succeeded"));
    const operation = await clientFor({ url: ENDPOINT }, service).beginReimage(vm);
    const pollution = {
      status: "Succeeded",
      error: { code: "Polluted" },
      code: "Polluted",
      percentComplete: 100,
      statusUrl: "https://evil.example/",
    };
    for (const [key, value] of Object.entries(pollution))
      Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
    try {
      const [first, second] = [await operation.poll(), await operation.poll()];
      expect([
        first.status === "running" && first.readFailures,
        second.status === "running" && second.readFailures,
      ]).toEqual([1, 2]);
      expect(JSON.stringify([first, second])).not.toContain("Polluted");
      expect((await operation.poll()).status).toBe("succeeded");
    } finally {
      for (const key of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, key);
    }
  });
});
