import { createDice } from "./random.js";
import type { RouteKind } from "./routes.js";

/** Which requests a fault befalls, as each kind of fault says it. */
export interface FaultPlan {
  /**
   * The request: the POST, a poll, or a read of the VM.
   *
   * @default any of them
   */
  readonly on?: RouteKind;
  /** The name of the VM; any VM unless given. */
  readonly vmName?: string;
  /**
   * How many such requests pass unharmed first.
   *
   * @default 0
   */
  readonly after?: number;
  /**
   * How many it befalls then; Infinity for all.
   *
   * @default 1, and Infinity where `chance` is given
   */
  readonly times?: number;
  /**
   * How likely it befalls each of these, from 0 to 1. Which it does follows from the seed, for each VM apart.
   *
   * @default 1
   */
  readonly chance?: number;
  /**
   * Does the service act on the request all the same, so that only its answer is lost?
   *
   * @default false, and always true for "delay", "truncated" and "wrong-origin", which spoil a true answer
   */
  readonly acted?: boolean;
}

/** What goes wrong between a caller and the service. */
export type Fault = FaultPlan &
  (
    | {
        /** Another answer, such as 503. */
        readonly kind: "status";
        readonly status: number;
        /** ARM's error code and message; an empty body unless given. */
        readonly error?: { readonly code: string; readonly message: string };
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The connection breaks before the answer: fetch rejects with a TypeError. */
    | { readonly kind: "reset" }
    /** The connection never stood: fetch rejects with a TypeError whose cause has the code ECONNREFUSED. */
    | { readonly kind: "unreachable" }
    /** The answer comes late, by real milliseconds; Infinity for never. */
    | { readonly kind: "delay"; readonly ms: number }
    /** The answer breaks off in the middle of its body. */
    | { readonly kind: "truncated" }
    /** A page in HTML, as sign-in pages and proxies send it; by default with 200. */
    | { readonly kind: "html"; readonly status?: number }
    /** A redirect; by default 307 to another origin. */
    | { readonly kind: "redirect"; readonly status?: number; readonly location?: string }
    /** The true answer, but its status headers lead to another origin. */
    | { readonly kind: "wrong-origin"; readonly origin?: string }
  );

/** Chooses the fault that befalls a request, and counts it. */
export type ChooseFault = (kind: RouteKind, vmId: string) => Fault | undefined;

/** Makes the choice among planned faults: the first that is due wins, all that fit are counted. */
export function createChooseFault(faults: readonly Fault[], seed: number): ChooseFault {
  const seen = faults.map(() => 0);
  const dice = createDice(seed);
  return (kind, vmId) => {
    const id = vmId.toLowerCase();
    const due = faults.filter((fault, i) => {
      const {
        on = kind,
        vmName,
        after = 0,
        chance,
        times = chance === undefined ? 1 : Number.POSITIVE_INFINITY,
      } = fault;
      if (on !== kind || (vmName !== undefined && !id.endsWith(`/${vmName.toLowerCase()}`))) return false;
      const count = seen[i] ?? 0;
      seen[i] = count + 1;
      if (count < after || count >= after + times) return false;
      return chance === undefined || dice(`fault ${i} ${id}`) < chance;
    });
    return due[0];
  };
}
