import { expect, test, vi } from "vitest";
import * as browser from "../../src/runtime.browser.js";
import * as node from "../../src/runtime.js";
import { abortListeners } from "../harness/leftovers.js";

test("what browsers load in the place of a module has its names", () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" });

test("S1: in a browser no error says that a connection never stood; in Node this one does", () => {
  expect([browser, node].map(({ neverConnected }) => neverConnected(refused, false))).toEqual([false, true]);
});

test.each([
  ["Node", node],
  ["a browser", browser],
])("L14: in %s who follows a signal is called when it aborts, once, and not when he has left", (_, { onAbort }) => {
  const controller = new AbortController();
  const [stays, leaves] = [vi.fn(), vi.fn()];
  onAbort(controller.signal, stays);
  onAbort(controller.signal, leaves)();
  controller.abort();
  controller.abort();
  expect([stays, leaves].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
});

test.each([
  ["Node", node],
  ["a browser", browser],
])("L14: in %s nothing is left on a signal when all have left, whatever their order", (_, { onAbort }) => {
  const { signal } = new AbortController();
  const [first, second, third] = [1, 2, 3].map(() => onAbort(signal, () => {}));
  second?.();
  first?.();
  expect(abortListeners(signal)).toBeGreaterThan(0);
  third?.();
  expect(abortListeners(signal)).toBe(0);
});
