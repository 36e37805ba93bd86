import { expect, test } from "vitest";
import { type Ending, judge, type Truth } from "../../../scripts/durable/judge.js";

const ids = ["/vm/a", "/vm/b", "/vm/c"];
const post = (vm: string) => ({ method: "POST", url: `https://arm.example${vm}/reimage?api-version=1` });
const ending = (vm: string, outcome: string): Ending => ({ vm, status: "completed", output: { outcome } });

const good: readonly Ending[] = [ending("/vm/a", "succeeded"), ending("/vm/b", "failed"), ending("/vm/c", "unknown")];
const truth: Truth = {
  ids,
  requests: [...ids.map(post), { method: "GET", url: "https://arm.example/status" }],
  vms: new Map([["/vm/b", { provisioningState: "Failed" }]]),
  kills: 1,
  most: 1,
};

test("a run is good when all ended, each was POSTed once, and what is unknown was in flight", () => {
  expect(judge(good, truth)).toEqual({
    result: "passed",
    told: "1 succeeded, 1 failed, 1 unknown (1 of them had been POSTed), none POSTed twice",
  });
});

test.each<[string, readonly Ending[], Partial<Truth>]>([
  ["2 workflows for 3 VMs", good.slice(1), {}],
  ["1 ended otherwise", [{ vm: "/vm/a", status: "running", output: null }, ...good.slice(1)], {}],
  ["1 VMs were POSTed twice", good, { requests: [...truth.requests, post("/vm/c")] }],
  ["a VM with an outcome was not POSTed once", good, { requests: truth.requests.slice(1) }],
  ["an outcome is not the service's", good, { vms: new Map() }],
  ["only 0 can have been in flight", good, { most: 0 }],
  ["this proves nothing", good, { kills: 0 }],
])("it is not when %s", (complaint, endings, other) => {
  expect(judge(endings, { ...truth, ...other })).toEqual({
    result: "failed",
    told: expect.stringContaining(complaint),
  });
});
