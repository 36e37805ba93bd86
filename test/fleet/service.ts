// A service of its own, as a fetch: ARM's token buckets in front of reimages that take as long as they are told to.
// Written for these tests from the documented limits; shares nothing with src/ and its simulator.
import { dice } from "./durations.js";

export interface Size {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** As Azure documents them. */
export const SIZES = {
  writes: { capacity: 200, refillPerSecond: 10 },
  reads: { capacity: 250, refillPerSecond: 25 },
  updatesOfVm: { capacity: 12, refillPerSecond: 4 / 60 },
  updates: { capacity: 1500, refillPerSecond: 500 / 60 },
  readsOfOperation: { capacity: 45, refillPerSecond: 15 / 60 },
  operationReads: { capacity: 15_000, refillPerSecond: 5000 / 60 },
} as const;

/** Buckets by the time at which they are full again (the virtual scheduling algorithm): none counts tokens. */
function createLimiter() {
  const fullAt = new Map<string, number>();
  const depth = (key: string, { refillPerSecond }: Size, now: number) =>
    Math.max((fullAt.get(key) ?? 0) - now, 0) * (refillPerSecond / 1000);
  return {
    left: (key: string, size: Size, now: number) => Math.floor(size.capacity - depth(key, size, now) + 1e-9),
    /** In how many milliseconds it has a token; 0 if it has one. */
    lacks: (key: string, size: Size, now: number) =>
      Math.max(depth(key, size, now) + 1 - size.capacity - 1e-9, 0) / (size.refillPerSecond / 1000),
    take(key: string, size: Size, now: number, tokens = 1) {
      fullAt.set(key, Math.max(fullAt.get(key) ?? 0, now) + (tokens * 1000) / size.refillPerSecond);
    },
  };
}

export interface ServiceOptions {
  /** How long the reimage of each VM takes, in seconds, in the order of their POSTs' acceptance. */
  readonly durationOf: (vmName: string) => number;
  /** In seconds, for the 202 and for a poll that finds it running; null for none (as in 2019). */
  readonly retryAfter?: { readonly first: number; readonly next: number } | null;
  /** One way, in milliseconds: up to so much, at random. */
  readonly latency?: number;
  /** The share of every bucket that others use. */
  readonly others?: number;
  readonly regionOf?: (vmName: string) => string;
  /** The word that ends it. */
  readonly endingOf?: (vmName: string) => string;
  /** An answer of another kind, to a POST or a poll of a VM. */
  readonly odd?: (method: string, vmName: string, now: number) => Response | "lost" | undefined;
  readonly headers?: boolean;
  readonly seed?: number;
}

/** What a service saw. */
export interface Seen {
  requests: number;
  throttled: number;
  readonly posts: Map<string, number>;
  /** When each VM's reimage ends, and when its end was told. */
  readonly ends: Map<string, { readonly at: number; told?: number }>;
  readonly polls: { readonly vm: string; readonly at: number }[];
}

/** Makes the service; it reads the clock that is installed. */
export function createService(options: ServiceOptions) {
  const { durationOf, retryAfter = { first: 10, next: 30 }, latency = 0, others = 0, seed = 1 } = options;
  const { regionOf = () => "westus", endingOf = () => "Succeeded", odd, headers: tells = true } = options;
  const limiter = createLimiter();
  const random = dice(seed);
  const seen: Seen = { requests: 0, throttled: 0, posts: new Map(), ends: new Map(), polls: [] };
  const operations = new Map<string, { readonly vm: string; readonly begun: number; readonly region: string }>();
  let othersAt = 0;
  let debt = 0;
  const touched = new Set<string>();

  /** Others take their share in bursts of up to a second, of each bucket of the subscription; at first they had half of it. */
  const serveOthers = (buckets: readonly (readonly [string, Size])[], now: number) => {
    if (others === 0) return;
    for (const [key, size] of buckets) {
      if (touched.has(key)) continue;
      touched.add(key);
      limiter.take(key, size, now, size.capacity * others);
    }
    for (; othersAt <= now; othersAt += 200) {
      debt += random() * 0.4;
      if (random() > 0.5) continue;
      for (const key of touched) {
        const size = sizes.get(key);
        if (!size) continue;
        const wish = debt * size.refillPerSecond * others;
        const can = Math.max(limiter.left(key, size, othersAt), 0);
        limiter.take(key, size, othersAt, Math.min(wish, can));
      }
      debt = 0;
    }
  };
  const sizes = new Map<string, Size>();
  const pass = (buckets: readonly (readonly [string, Size, string])[], shared: number, now: number) => {
    for (const [key, size] of buckets.slice(0, shared)) sizes.set(key, size);
    serveOthers(
      buckets.slice(0, shared).map(([key, size]) => [key, size] as const),
      now,
    );
    const lacks = Math.max(...buckets.map(([key, size]) => limiter.lacks(key, size, now)));
    const headers = new Headers();
    if (lacks > 0) {
      seen.throttled += 1;
      headers.set("retry-after", String(Math.ceil(lacks / 1000)));
      return { headers, refused: true };
    }
    for (const [key, size] of buckets) limiter.take(key, size, now);
    if (tells) {
      const told = buckets.map(([key, size, name]) => [name, limiter.left(key, size, now)] as const);
      for (const [name, left] of told)
        if (name.startsWith("subscription")) headers.set(`x-ms-ratelimit-remaining-${name}`, String(left));
      const compute = told.filter(([name]) => name.startsWith("Microsoft"));
      headers.set("x-ms-ratelimit-remaining-resource", compute.map(([name, left]) => `${name};${left}`).join(","));
    }
    return { headers, refused: false };
  };

  const postReimage = (subscription: string, vm: string, now: number): Response => {
    const region = regionOf(vm);
    const { headers, refused } = pass(
      [
        [`writes ${subscription}`, SIZES.writes, "subscription-writes"],
        [`updates ${subscription} ${region}`, SIZES.updates, "Microsoft.Compute/UpdateVMSubscriptionMaximum"],
        [`vm ${subscription} ${vm}`, SIZES.updatesOfVm, "Microsoft.Compute/UpdateVMResource"],
      ],
      2,
      now,
    );
    if (refused) return new Response(null, { status: 429, headers });
    seen.posts.set(vm, (seen.posts.get(vm) ?? 0) + 1);
    const id = `op${operations.size}`;
    operations.set(id, { vm, begun: now, region });
    seen.ends.set(vm, { at: now + durationOf(vm) * 1000 });
    headers.set(
      "azure-asyncoperation",
      `https://management.azure.com/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${region}/operations/${id}`,
    );
    if (retryAfter) headers.set("retry-after", String(retryAfter.first));
    headers.set("content-length", "0");
    return new Response(null, { status: 202, headers });
  };
  const getStatus = (subscription: string, id: string, now: number): Response => {
    const operation = operations.get(id);
    if (!operation) return new Response(null, { status: 404 });
    const { vm, begun, region } = operation;
    seen.polls.push({ vm, at: now });
    const { headers, refused } = pass(
      [
        [`reads ${subscription}`, SIZES.reads, "subscription-reads"],
        [`gets ${subscription} ${region}`, SIZES.operationReads, "Microsoft.Compute/GetOperationSubscriptionMaximum"],
        [`operation ${id}`, SIZES.readsOfOperation, "Microsoft.Compute/GetOperationResource"],
      ],
      2,
      now,
    );
    if (refused) return new Response(null, { status: 429, headers });
    const end = seen.ends.get(vm);
    const startTime = new Date(Date.UTC(2025, 2, 19, 0, 32, 2) + begun).toISOString();
    if (!end || now < end.at) {
      if (retryAfter) headers.set("retry-after", String(retryAfter.next));
      return Response.json({ startTime, status: "InProgress", name: id }, { headers });
    }
    end.told ??= now;
    const endTime = new Date(Date.UTC(2025, 2, 19, 0, 32, 2) + end.at).toISOString();
    return Response.json({ startTime, endTime, status: endingOf(vm), name: id }, { headers });
  };

  const travel = () =>
    latency > 0 ? new Promise<void>((resolve) => setTimeout(resolve, random() * latency)) : Promise.resolve();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const [url, method] = input instanceof Request ? [input.url, input.method] : [String(input), init?.method ?? "GET"];
    const signal = input instanceof Request ? input.signal : init?.signal;
    const [, subscription = "", vm = ""] =
      /\/subscriptions\/([^/]+)\/.*?(?:virtualMachines\/([^/]+)\/reimage|operations\/[^?]+)/.exec(url) ?? [];
    const id = /operations\/([^?]+)/.exec(url)?.[1] ?? "";
    await travel();
    if (signal?.aborted) throw signal.reason;
    const now = performance.now();
    seen.requests += 1;
    const strange = odd?.(method, vm || (operations.get(id)?.vm ?? ""), now);
    if (strange === "lost") throw new TypeError("fetch failed");
    const answer =
      strange ?? (method === "POST" ? postReimage(subscription, vm, now) : getStatus(subscription, id, now));
    await travel();
    if (signal?.aborted) throw signal.reason;
    return answer;
  };
  return { fetch, seen };
}
