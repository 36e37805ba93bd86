import type { RouteKind } from "./routes.js";

/** Which requests a fault befalls, as each kind of fault says it. */
export interface FaultPlan {
  /**
   * The request: the POST, or a poll.
   *
   * @default either
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
   * @default 1
   */
  readonly times?: number;
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
export type ChooseFault = (kind: RouteKind, vmName: string) => Fault | undefined;

/** Makes the choice among planned faults: the first that is due wins, all that fit are counted. */
export function createChooseFault(faults: readonly Fault[]): ChooseFault {
  const seen = faults.map(() => 0);
  return (kind, vmName) => {
    const due = faults.filter((fault, i) => {
      const { on = kind, vmName: of = vmName, after = 0, times = 1 } = fault;
      if (on !== kind || of.toLowerCase() !== vmName.toLowerCase()) return false;
      const count = seen[i] ?? 0;
      seen[i] = count + 1;
      return count >= after && count < after + times;
    });
    return due[0];
  };
}
