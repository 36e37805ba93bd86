// L8, L11, L13, L17 and L19 over real sockets with a clock that hurries: when polls arrive at the service.
import { afterEach, expect, test } from "vitest";
import type { ReimageClientOptions } from "../../src/index.js";
import {
  type Answer,
  type Arm,
  accepted,
  always,
  closeAll,
  fastForward,
  locationDone,
  locationRunning,
  reset,
  running,
  startArm,
  status,
  succeeded,
  throttled,
} from "../harness/index.js";
import { caught, clientOf, vm } from "./support-client.js";

afterEach(closeAll);

const minute = 60_000;
const hour = 60 * minute;
const patient: Partial<ReimageClientOptions> = {
  pollIntervalMs: 10_000,
  timeoutMs: 3 * hour,
  requestTimeoutMs: minute,
};
const azure = (retryAfter?: number | string): Answer =>
  accepted({ headers: "azure", signed: false, ...(retryAfter === undefined ? {} : { retryAfter }) });

/** The pauses before each poll, from the POST on, as the service saw them. */
function pauses(arm: Arm): number[] {
  return arm.requests.slice(1).map(({ at }, n) => at - (arm.requests[n]?.at ?? 0));
}

/** A pause is as long as it was asked to be; a request takes a moment of real time on top, and the clock ticks in whole milliseconds. */
function expectPauses(arm: Arm, expected: readonly number[]): void {
  const seen = pauses(arm);
  expect(seen).toHaveLength(expected.length);
  for (const [n, wanted] of expected.entries()) {
    expect(seen[n]).toBeGreaterThanOrEqual(wanted - 1);
    expect(seen[n]).toBeLessThanOrEqual(wanted + 50);
  }
}

async function service(post: Answer, ...polls: Parameters<Arm["onPoll"]>): Promise<Arm> {
  const arm = await startArm();
  arm.onPost(post);
  arm.onPoll(...polls);
  return arm;
}

test("L8: Retry-After governs the first wait by the 202, and each next one by its own answer only", async () => {
  const arm = await service(
    azure(30),
    running({ retryAfter: 45 }),
    running(),
    running({ retryAfter: 999_999 }),
    succeeded(),
  );
  await fastForward(() => clientOf(arm, patient).reimage(vm));
  expectPauses(arm, [30_000, 45_000, 10_000, 600_000]);
});

test("L8: a date counts against the reply's own Date, wrong as it may be", async () => {
  const dated = (ms: number) => ({
    retryAfter: new Date(86_400_000 + ms).toUTCString(),
    more: { date: new Date(86_400_000).toUTCString() },
  });
  const { retryAfter, more } = dated(90_000);
  const arm = await service(
    accepted({ headers: "location", signed: false, retryAfter, more }),
    locationRunning(dated(20_000)),
    locationRunning(dated(-20_000)),
    locationDone(),
  );
  await fastForward(() => clientOf(arm, patient).reimage(vm));
  expectPauses(arm, [90_000, 20_000, 10_000]);
});

test("L8: a 429 of an hour and a half is not shortened, and counts against no patience but the caller's", async () => {
  const arm = await service(azure(5), throttled({ retryAfter: 5400 }), succeeded());
  await fastForward(() => clientOf(arm, patient).reimage(vm));
  expectPauses(arm, [5000, 5_400_000]);
  const impatient = await service(azure(5), throttled({ retryAfter: 5400 }));
  await fastForward(async () => {
    const from = performance.now();
    await caught(clientOf(impatient, patient).reimage(vm, undefined, { timeoutMs: hour }), "WaitTimeoutError");
    expect(Math.abs(performance.now() - from - hour)).toBeLessThan(50);
  });
  expect(impatient.polls).toHaveLength(1);
});

test("L11: resets, 503 and 408 back off from a second to half a minute, and a good answer begins anew", async () => {
  const failures = [reset(), status(503), status(408), reset(), status(500), status(503), status(503)];
  const arm = await service(azure(), ...failures, running(), status(503), succeeded());
  await fastForward(() => clientOf(arm, patient).reimage(vm));
  const [first = 0, ...rest] = pauses(arm);
  expect(Math.abs(first - 10_000)).toBeLessThan(50);
  const bounds = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 10_000, 1000];
  expect(rest).toHaveLength(bounds.length);
  for (const [n, bound] of bounds.entries()) {
    expect(rest[n]).toBeGreaterThan(bound / 20);
    expect(rest[n]).toBeLessThanOrEqual(bound + 50);
  }
});

test("L13: what a poll has learned about the next one holds for wait and for iteration", async () => {
  const arm = await service(azure(60), running({ retryAfter: 200 }), running({ retryAfter: 70 }), succeeded());
  await fastForward(async () => {
    const operation = await clientOf(arm, patient).beginReimage(vm);
    await operation.poll();
    for await (const state of operation) if (state.status === "running") break;
    await operation.wait();
  });
  const [atOnce = 0, ...rest] = pauses(arm);
  expect(atOnce).toBeLessThan(1000);
  expect(rest.map((ms) => Math.round(ms / 1000))).toEqual([200, 70]);
});

test("L17: many who wait for hours poll as often as one", async () => {
  const arm = await service(azure(600), always(running({ retryAfter: 600 })));
  await fastForward(async () => {
    const operation = await clientOf(arm, patient).beginReimage(vm);
    const waits = [1, 2, 3, 4].map((hours) =>
      caught(operation.wait({ timeoutMs: (hours * hour) / 2 }), "WaitTimeoutError"),
    );
    await Promise.all(waits);
  });
  expect(arm.polls).toHaveLength(11);
});

test("L19: the limit of a reimage is one for its POST, its throttling and its polls", async () => {
  const arm = await startArm();
  arm.onPost(throttled({ retryAfter: 40 }), azure());
  arm.onPoll(always(running()));
  await fastForward(async () => {
    const from = performance.now();
    await caught(clientOf(arm, patient).reimage(vm, undefined, { timeoutMs: minute }), "WaitTimeoutError");
    expect(Math.abs(performance.now() - from - minute)).toBeLessThan(50);
  });
  expect(arm.posts).toHaveLength(2);
  expect(arm.polls).toHaveLength(1);
});
