import { expect, test } from "vitest";
import { OutcomeUnknownError } from "../src/errors.js";

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
