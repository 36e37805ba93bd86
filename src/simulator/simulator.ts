import { type ChooseFault, createChooseFault } from "./faults.js";
import { type RecordedRequest, record } from "./log.js";
import type { SimulatorOptions } from "./options.js";
import { type Incoming, readRequest, redirected } from "./request.js";
import { answer, callOf, dressed } from "./service.js";
import { complete } from "./settings.js";
import { networkError, spoil } from "./spoil.js";
import type { Store } from "./store.js";
import type { SimulatedVm } from "./vm.js";
import { createWorld, type World } from "./world.js";

/** A stateful Azure Resource Manager, in process: VMs, reimages and what can go wrong with them. */
export interface Simulator {
  /** Answers as the service would; hand it to a client in place of `globalThis.fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /** Where it is; a client needs it only where an `endpoint` was given. */
  readonly endpoint: string;
  /** All places where it answers: the endpoints of the three clouds, or the one that was given. */
  readonly endpoints: readonly string[];
  /** All requests since the start or the last reset, without tokens and secrets. */
  readonly requests: readonly RecordedRequest[];
  /** The VMs by ARM resource id, in which case makes no difference: as they are now, by the simulator's clock. */
  readonly vms: ReadonlyMap<string, SimulatedVm>;
  /** Takes everything back to the start: VMs, operations, requests, faults, limits and ids. */
  reset(): void;
}

/** The VMs of whatever store is current, as they are at the time of each look. */
function viewOf(store: () => Store, now: () => number): ReadonlyMap<string, SimulatedVm> {
  const all = () => store().all(now());
  const get = (id: string) => store().find(id, now())?.vm;
  return {
    get size() {
      return all().size;
    },
    get,
    has: (id) => get(id) !== undefined,
    forEach: (run, self) => all().forEach(run, self),
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
}

/** What `fetch` follows before it gives up, by the standard. */
const MOST_REDIRECTS = 20;

/**
 * Makes a simulator. Progress follows its clock, never the number of polls; nothing runs in the background.
 *
 * @throws TypeError when an option makes no sense, such as a VM by a name that no VM can have; the message says which
 * @example
 * ```ts
 * const arm = createSimulator({ durationMs: 500 });
 * const client = createReimageClient({ credential: () => "any token", fetch: arm.fetch });
 * ```
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = complete(options);
  const origins = new Set(settings.endpoints.map((url) => new URL(url).origin));
  const requests: RecordedRequest[] = [];
  /** Kept from the garbage collector, lest nobody can abort them any more. */
  const pending = new Set<Incoming>();
  let world: World = createWorld(settings);
  let chooseFault: ChooseFault = createChooseFault(settings.faults, settings.seed);

  const exchange = async (request: Incoming): Promise<Response> => {
    const entry = record(request, settings.now());
    const place = requests.push(entry) - 1;
    pending.add(request);
    try {
      const response = await deliver(request);
      if (requests[place] === entry) requests[place] = Object.freeze({ ...entry, status: response.status });
      return response;
    } finally {
      pending.delete(request);
    }
  };

  const deliver = async (request: Incoming): Promise<Response> => {
    const { href } = request.url;
    if (!origins.has(request.url.origin)) {
      throw networkError(`getaddrinfo ENOTFOUND ${request.url.hostname}`, "ENOTFOUND");
    }
    const base = settings.endpoints.find((one) => href.startsWith(`${one}/`));
    const mine = world;
    const call = base === undefined ? undefined : callOf(mine, request, base);
    const fault = call && chooseFault(call.route.kind, call.vmId);
    return spoil(fault, {
      answer: () => dressed(mine, request, answer(mine, request, call)),
      dressed: (reply) => dressed(mine, request, reply),
      signal: request.signal,
    });
  };

  const follow = async (request: Incoming, redirects: number): Promise<Response> => {
    const response = await exchange(request);
    const location = response.headers.get("location");
    const { status } = response;
    if (![301, 302, 303, 307, 308].includes(status) || location === null || request.redirect === "manual") {
      return response;
    }
    if (request.redirect === "error") throw networkError("unexpected redirect", "UND_ERR");
    if (redirects === MOST_REDIRECTS) throw networkError("redirect count exceeded", "UND_ERR");
    return follow(redirected(request, status, location), redirects + 1);
  };

  return {
    fetch: async (input, init) => follow(await readRequest(input, init), 0),
    endpoint: settings.endpoint,
    endpoints: settings.endpoints,
    requests,
    vms: viewOf(() => world.store, settings.now),
    reset() {
      requests.length = 0;
      world = createWorld(settings);
      chooseFault = createChooseFault(settings.faults, settings.seed);
    },
  };
}
