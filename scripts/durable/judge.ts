/** Why: the fleet's word against the service's: every workflow ended, no VM was POSTed twice, and only what was in flight is unknown. */
import type { RecordedRequest, SimulatedVm } from "../../src/simulator/index.js";
import type { Row } from "../runtimes/row.js";

/** How a workflow ended, by the engine's report. */
export interface Ending {
  readonly vm: string;
  readonly status: string;
  readonly output: { readonly outcome: string } | null;
}

/** What the service knows, and what was done. */
export interface Truth {
  readonly ids: readonly string[];
  readonly requests: readonly Pick<RecordedRequest, "method" | "url">[];
  readonly vms: ReadonlyMap<string, Pick<SimulatedVm, "provisioningState">>;
  readonly kills: number;
  /** The most that can have been in flight at all kills together. */
  readonly most: number;
}

/** Judges a run; `told` says what was found wrong, or what was seen. */
export function judge(endings: readonly Ending[], { ids, requests, vms, kills, most }: Truth): Omit<Row, "what"> {
  const posts = new Map<string, number>();
  for (const { method, url } of requests) {
    const vm = new URL(url).pathname.replace(/\/reimage$/, "");
    if (method === "POST") posts.set(vm, (posts.get(vm) ?? 0) + 1);
  }
  const sent = (vm: string) => posts.get(vm) ?? 0;
  const ended = new Map(
    endings.map(({ vm, status, output }) => [vm, status === "completed" ? output?.outcome : status]),
  );
  const of = (outcome: string) => ids.filter((vm) => ended.get(vm) === outcome);
  const unknown = of("unknown");
  const known = [...of("succeeded"), ...of("failed")];
  const truthOf = (vm: string) => (vms.get(vm)?.provisioningState === "Failed" ? "failed" : "succeeded");
  const wrong = [
    endings.length !== ids.length && `${endings.length} workflows for ${ids.length} VMs`,
    known.length + unknown.length !== ids.length &&
      `${ids.length - known.length - unknown.length} ended otherwise: ${[...new Set(ended.values())].join(", ")}`,
    ids.some((vm) => sent(vm) > 1) && `${ids.filter((vm) => sent(vm) > 1).length} VMs were POSTed twice`,
    known.some((vm) => sent(vm) !== 1) && "a VM with an outcome was not POSTed once",
    known.some((vm) => truthOf(vm) !== ended.get(vm)) && "an outcome is not the service's",
    unknown.length > most && `${unknown.length} are unknown, but only ${most} can have been in flight`,
    (kills === 0 || unknown.length === 0) && "no kill met a POST in flight: this proves nothing",
  ].filter((complaint) => complaint !== false);
  const seen =
    `${of("succeeded").length} succeeded, ${of("failed").length} failed, ${unknown.length} unknown ` +
    `(${unknown.filter((vm) => sent(vm) === 1).length} of them had been POSTed), none POSTed twice`;
  return wrong.length > 0 ? { result: "failed", told: wrong.join("; ") } : { result: "passed", told: seen };
}
