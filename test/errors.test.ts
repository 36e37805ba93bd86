import { expect, test } from "vitest";
import { InvalidInputError, OutcomeUnknownError } from "../src/errors.js";

const vm = { subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001", resourceGroupName: "rg", vmName: "web-1" };
const lost = { what: "got no answer", started: "maybe", reason: "no-answer", vm } as const;

test("what may have happened is looked up in the subscription of the VM, further back than the six hours of az's own", () => {
  const { message } = new OutcomeUnknownError({ ...lost, correlationId: "c-1" });
  expect(message).toContain(
    `Look at az monitor activity-log list --offset 7d --subscription ${vm.subscriptionId} --correlation-id c-1`,
  );
});

test("without a correlation id there is nothing to look up", () => {
  expect(new OutcomeUnknownError(lost).message).not.toContain("activity-log");
});

test("a call with bad input is not told as a reimage that was not sent: it may be one on a reimage that runs", () => {
  const issues = [{ path: "timeoutMs", rule: "must be a number above 0" }];
  const { message } = new InvalidInputError(issues, vm);
  expect(message).toBe(
    `Reimage of web-1 (rg, subscription ${vm.subscriptionId}) got bad input (timeoutMs: must be a number above 0). This call changed nothing.`,
  );
  expect(new InvalidInputError(issues).message).toBe(
    "Reimage got bad input (timeoutMs: must be a number above 0). This call changed nothing.",
  );
});
