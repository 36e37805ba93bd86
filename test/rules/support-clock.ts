// Hours in a moment: fake timers, and a service without sockets that writes down when it was asked.
import { expect, vi } from "vitest";
import {
  createReimageClient,
  type ReimageClient,
  type ReimageClientOptions,
  type ReimageOperation,
} from "../../src/index.js";
import { vm } from "./support-client.js";

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
const longestTimer = 2 ** 31 - 1;
/** Wed, 19 Mar 2025 00:32:02 GMT */
export const start = Date.UTC(2025, 2, 19, 0, 32, 2);

type Headers = Readonly<Record<string, string>>;
export type Reply = () => Response;
const respond =
  (status: number, body: string | null, headers: Headers): Reply =>
  () =>
    new Response(body, { status, headers });

export const accept = (headers: Headers = {}): Reply => respond(202, null, { location: "/operations/1", ...headers });
export const running = (headers: Headers = {}): Reply => respond(202, null, headers);
export const done = (headers: Headers = {}): Reply => respond(204, null, headers);
export const says = (status: number, headers: Headers = {}, body: string | null = null): Reply =>
  respond(status, body, headers);

/** A service that answers in turn; the last answer goes on for ever. */
export interface Service {
  readonly client: ReimageClient;
  /** When each request came, in milliseconds since the clock was faked, POSTs and polls apart. */
  readonly posts: readonly number[];
  readonly polls: readonly number[];
}

let origin = 0;
/** The monotonic time since `fakeClock`. */
export const elapsed = (): number => performance.now() - origin;

/** Fakes both clocks and all timers, and sees to it that no timer is ever set beyond what timers can hold. */
export function fakeClock(): void {
  vi.useFakeTimers({ now: start, toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  origin = performance.now();
  const { setTimeout: set } = globalThis;
  // As Node has it: whole milliseconds, and one at least. The fake would let a timer of 0.4 ms pass in no time.
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((callback: () => void, ms = 0) =>
    set(callback, Math.max(Math.trunc(ms), 1))) as typeof setTimeout);
}

/** Gives the clocks back; no timer may be left. */
export function realClock(): void {
  const delays = vi.mocked(globalThis.setTimeout).mock.calls.map(([, delay]) => delay);
  const left = vi.getTimerCount();
  vi.restoreAllMocks();
  vi.useRealTimers();
  expect(left).toBe(0);
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThanOrEqual(longestTimer);
  }
}

export function service(answers: readonly Reply[], changes: Partial<ReimageClientOptions> = {}): Service {
  const posts: number[] = [];
  const polls: number[] = [];
  let next = 0;
  const fake: typeof fetch = async (input, init) => {
    const { method } = new Request(input, init);
    (method === "POST" ? posts : polls).push(elapsed());
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer === undefined) throw new Error("the service has no answers");
    return answer();
  };
  return { client: createReimageClient({ credential: () => "token", fetch: fake, ...changes }), posts, polls };
}

/** The service after the 202, with the operation. */
export async function accepted(
  answers: readonly Reply[],
  changes: Partial<ReimageClientOptions> = {},
): Promise<Service & { readonly operation: ReimageOperation }> {
  const made = service(answers, changes);
  return { ...made, operation: await made.client.beginReimage(vm) };
}

/** Lets time pass, and everything happen that happens in it. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Lets time pass until a promise is settled, however long that takes; gives back when it was. */
export async function settled(promise: Promise<unknown>): Promise<number> {
  let at: number | undefined;
  const note = () => {
    at = elapsed();
  };
  promise.then(note, note);
  for (let steps = 0; at === undefined && steps < 10_000; steps += 1) await vi.advanceTimersToNextTimerAsync();
  if (at === undefined) throw new Error("it never settled");
  return at;
}
