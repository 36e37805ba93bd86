// A simulator whose clock the test moves, and the requests that a careful caller would send it.

import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
import { virtualMachinesReimageExamples, virtualMachinesReimageOperation } from "../../generated/operations.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/index.js";

/** The names of the contract's own examples. */
export const vm = virtualMachinesReimageExamples.path;
export const samples = virtualMachinesReimageExamples.requests;
export const { apiVersion } = virtualMachinesReimageOperation;

/** A VM of another name beside it. */
export const other = { ...vm, vmName: "anotherVM" };

/** The URL to POST to. */
export function reimageUrl(names: Readonly<Record<string, string>> = vm, version: string = apiVersion): string {
  const path = virtualMachinesReimageOperation.path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
  return `https://management.azure.com${path}?api-version=${version}`;
}

/** The ARM resource id of a VM. */
export function idOf(names: Readonly<Record<string, string>> = vm): string {
  return new URL(reimageUrl(names)).pathname.replace(/\/reimage$/, "");
}

/** The URL of a VM itself. */
export function vmUrl(
  names: Readonly<Record<string, string>> = vm,
  version: string = virtualMachinesGetOperation.apiVersion,
): string {
  return `https://management.azure.com${idOf(names)}?api-version=${version}`;
}

/** A moment on 1 March 2024, at noon unless it is seconds later. */
export function noon(seconds = 0): number {
  return Date.UTC(2024, 2, 1, 12, 0, seconds);
}

export interface Stage {
  readonly arm: Simulator;
  /** Lets the clock go on. */
  pass(ms: number): void;
  post(body?: unknown, names?: Readonly<Record<string, string>>, headers?: Record<string, string>): Promise<Response>;
  get(url: string | null): Promise<Response>;
  /** Reads a status document. */
  read(url: string | null): Promise<Record<string, unknown>>;
}

export const authorization = { authorization: "Bearer a-token" };

/** Sets up a simulator at noon, whose reimages take ten seconds. */
export function stage(options: SimulatorOptions = {}): Stage {
  let at = noon();
  const arm = createSimulator({ durationMs: 10_000, now: () => at, ...options });
  const self: Stage = {
    arm,
    pass: (ms) => {
      at += ms;
    },
    post: (body, names = vm, headers = {}) =>
      arm.fetch(reimageUrl(names), {
        method: "POST",
        redirect: "manual",
        headers: {
          ...authorization,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    get: (url) => arm.fetch(String(url), { headers: authorization, redirect: "manual" }),
    read: async (url) => (await self.get(url)).json() as Promise<Record<string, unknown>>,
  };
  return self;
}

export const statusUrl = (reply: Response): string => reply.headers.get("azure-asyncoperation") ?? "";
export const monitorUrl = (reply: Response): string => reply.headers.get("location") ?? "";

/** What a refusal says: the HTTP status, the code, and what it is about. */
export async function said(reply: Response): Promise<readonly unknown[]> {
  const { error } = (await reply.json()) as { error: { code: string; message: string; target?: string } };
  return [reply.status, error.code, ...(error.target === undefined ? [] : [error.target])];
}
