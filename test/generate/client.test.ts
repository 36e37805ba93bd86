/** Each trap of openapi-fetch that the generated client keeps its caller out of, against a real server. */
import { execFileSync } from "node:child_process";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  endpoint,
  type VirtualMachinesReimageInit,
  type VirtualMachinesReimagePath,
  virtualMachinesReimage,
  virtualMachinesReimageExamples,
  virtualMachinesReimageOperation,
  virtualMachinesReimageRequest,
} from "../../generated/index.js";
import { type LoopbackServer, serve } from "./server.js";

const vm = virtualMachinesReimageExamples.path;
const samples = Object.values(virtualMachinesReimageExamples.requests);
const query = `?api-version=${virtualMachinesReimageOperation.apiVersion}`;
const pathname = `/subscriptions/${vm.subscriptionId}/resourceGroups/${vm.resourceGroupName}/providers/Microsoft.Compute/virtualMachines/${vm.vmName}/reimage`;

let server: LoopbackServer;
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  answer = (response) => response.writeHead(202, { "content-length": 0 }).end();
  server = await serve((response) => answer(response));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

const call = (init: VirtualMachinesReimageInit = {}, path: VirtualMachinesReimagePath = vm) =>
  virtualMachinesReimage(path, { endpoint: server.url, ...init });

describe("the request", () => {
  test.each(samples)("carries a sample body of the contract as it is: %j", async (body) => {
    expect((await call({ body })).status).toBe(202);
    const [received] = server.received;
    expect(received).toMatchObject({ method: "POST", url: pathname + query });
    expect(received?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(received?.body ?? "")).toEqual(body);
  });

  test("without a body has no content type and no byte of body", async () => {
    await call();
    expect(server.received[0]?.body).toBe("");
    expect(server.received[0]?.headers).not.toHaveProperty("content-type");
  });

  test("has no property that is undefined, and none that the caller did not set", async () => {
    await call({ body: {} });
    expect(server.received[0]?.body).toBe("{}");
  });

  test("leaves a frozen body as it was", async () => {
    const body = Object.freeze({ tempDisk: true, osProfile: Object.freeze({ customData: "AAAA" }) });
    await call({ body });
    expect(JSON.parse(server.received[0]?.body ?? "")).toEqual({ tempDisk: true, osProfile: { customData: "AAAA" } });
  });

  test("is JSON, whatever content type a caller's header names", async () => {
    await call({ body: { tempDisk: true }, headers: { "Content-Type": "application/x-www-form-urlencoded" } });
    expect(server.received[0]?.body).toBe('{"tempDisk":true}');
  });

  test("carries a caller's headers", async () => {
    await call({ headers: { authorization: "Bearer any", "x-ms-client-request-id": "one" } });
    expect(server.received[0]?.headers).toMatchObject({ authorization: "Bearer any", "x-ms-client-request-id": "one" });
  });

  test.each(["", "/", "/gateway", "/gateway/", "/a/b%20c/"])("keeps the endpoint's path %j", async (prefix) => {
    await call({ endpoint: server.url + prefix });
    expect(server.received[0]?.url).toBe(prefix.replace(/\/$/, "") + pathname + query);
  });

  test("names the caller's machine in one encoded segment each", async () => {
    const path = { ...vm, resourceGroupName: "Grüße(1)", vmName: "{vmName}~ü'!" };
    await call({}, path);
    expect(server.received[0]?.url).toContain(
      `/resourceGroups/${encodeURIComponent(path.resourceGroupName)}/providers/Microsoft.Compute/virtualMachines/${encodeURIComponent(path.vmName)}/reimage?`,
    );
  });
});

describe("the request alone", () => {
  test("is what the contract says of it, as data, and sends nothing", () => {
    const body = { tempDisk: true };
    expect(virtualMachinesReimageRequest(vm, { endpoint: `${server.url}/gateway/`, body })).toEqual({
      url: `${server.url}/gateway${pathname}${query}`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(server.received).toEqual([]);
  });

  test("goes to the contract's server, without a body or its type, unless told otherwise", () => {
    const url = `${endpoint}${pathname}${query}`;
    expect(virtualMachinesReimageRequest(vm)).toEqual({ url, method: "POST", headers: {}, body: null });
  });

  test("is refused for a name that breaks its rule", () => {
    expect(() => virtualMachinesReimageRequest({ ...vm, vmName: ".." })).toThrow(/^vmName: /);
  });
});

describe("a path parameter", () => {
  const bad: unknown[] = [
    "..",
    ".",
    "",
    " ",
    "a/b",
    "a\\b",
    "a%2fb",
    "a?b",
    "a#b",
    "$&/x",
    "\ud800",
    undefined,
    null,
    1,
    {},
  ];
  const names = Object.keys(vm) as (keyof VirtualMachinesReimagePath)[];
  const cases = names.flatMap((name) => bad.map((value) => [name, value] as const));

  test.each(cases)("%s that breaks its rule is refused, and nothing is sent: %j", async (name, value) => {
    const path = { ...vm, [name]: value } as VirtualMachinesReimagePath;
    const refusal = await call({}, path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TypeError);
    expect(String(refusal)).toMatch(new RegExp(`^TypeError: ${name}: \\w`));
    expect(server.received).toEqual([]);
  });

  test("that breaks its rule is not quoted", async () => {
    await expect(call({}, { ...vm, vmName: "secret/../name" })).rejects.not.toThrow(/secret/);
  });

  test("is read once: what is checked is what is sent", async () => {
    let reads = 0;
    const path = {
      ...vm,
      get vmName() {
        return reads++ === 0 ? "first" : "..";
      },
    };
    await call({}, path);
    expect(server.received[0]?.url).toContain("/virtualMachines/first/reimage?");
  });
});

describe("an endpoint", () => {
  test.each(["?a=b", "/x?", "#here", "/p?x#y"])("that would send the call elsewhere is refused: %s", async (suffix) => {
    await expect(call({ endpoint: server.url + suffix })).rejects.toThrow(/^endpoint: /);
    expect(server.received).toEqual([]);
  });

  test("with a placeholder in its path keeps it: only the contract's own are filled in", async () => {
    await call({ endpoint: `${server.url}/{vmName}` });
    expect(server.received[0]?.url).toBe(`/%7BvmName%7D${pathname}${query}`);
  });

  test("with a user in it is refused, and not quoted", async () => {
    const endpoint = server.url.replace("//", "//user:secret@");
    const refusal = await call({ endpoint }).catch((error: unknown) => error);
    expect(String(refusal)).toMatch(/^TypeError: endpoint: /);
    expect(String(refusal)).not.toContain("secret");
    expect(server.received).toEqual([]);
  });
});

describe("the answer", () => {
  test.each([
    ["202 with HTML", 202, "text/html", "<html>accepted</html>"],
    ["200 with HTML", 200, "text/html", "<html>ok</html>"],
    ["200 with cut JSON", 200, "application/json", '{"error":'],
    ["503 with text", 503, "text/plain", "busy"],
    ["404 with JSON", 404, "application/json", '{"error":{"code":"ResourceNotFound"}}'],
  ])("is returned unread: %s", async (_, status, type, body) => {
    answer = (response) => response.writeHead(status, { "content-type": type }).end(body);
    const response = await call();
    expect(response).toMatchObject({ status, ok: status < 300, bodyUsed: false });
    expect(await response.text()).toBe(body);
  });

  test.each([200, 202, 400, 500])("with an empty chunked body never throws: %i", async (status) => {
    answer = (response) => {
      response.writeHead(status, { "transfer-encoding": "chunked" }).flushHeaders();
      response.end();
    };
    expect(await call()).toMatchObject({ status, ok: status < 300 });
  });

  test("is judged by its status, not by its body: an empty 500 is not ok", async () => {
    answer = (response) => response.writeHead(500, { "content-length": 0 }).end();
    expect(await call()).toMatchObject({ status: 500, ok: false });
  });

  test("arrives with the headers, before the body has ended", async () => {
    answer = (response) => {
      response.writeHead(202, { "content-type": "application/json" }).write("{");
    };
    expect((await call()).status).toBe(202);
  });

  test.each([301, 302, 303, 307, 308])("may be a redirect, which is not followed: %i", async (status) => {
    answer = (response) => response.writeHead(status, { location: `${server.url}/elsewhere` }).end();
    expect(await call({ body: { tempDisk: true } })).toMatchObject({ status, ok: false });
    expect(server.received.map(({ url }) => url)).toEqual([pathname + query]);
  });

  test("names its headers", async () => {
    const { Location } = virtualMachinesReimageExamples.replies["202"].headers;
    answer = (response) => response.writeHead(202, { Location }).end();
    expect((await call()).headers.get("Location")).toBe(Location);
  });
});

describe("the surroundings", () => {
  test("fetch is looked up when the call is made", async () => {
    const stand = vi.fn(async (_: string, _init: RequestInit) => new Response(null, { status: 202 }));
    vi.stubGlobal("fetch", stand);
    expect((await call({ body: { tempDisk: true } })).status).toBe(202);
    expect(JSON.parse(String(stand.mock.calls[0]?.[1].body))).toEqual({ tempDisk: true });
    expect(server.received).toEqual([]);
  });

  test("a caller's fetch gets the request, and its answer comes back itself", async () => {
    const response = new Response("<html>", { status: 202 });
    expect(await call({ fetch: async () => response })).toBe(response);
  });

  test.each([new Error("down"), undefined, 0, ""])("what fetch rejects with comes back itself: %s", async (reason) => {
    const outcome = await call({ fetch: () => Promise.reject(reason) }).then(
      () => "resolved",
      (error: unknown) => [error],
    );
    expect(outcome).toEqual([reason]);
  });

  test("a signal ends the call with its own reason, before and while it is sent", async () => {
    const reason = new Error("enough");
    await expect(call({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.received).toEqual([]);
    const controller = new AbortController();
    answer = () => controller.abort(reason);
    await expect(call({ signal: controller.signal })).rejects.toBe(reason);
  });
});

test("an import touches no global of fetch", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../generated/index.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
  });
  const probe = `
    const read = [];
    for (const name of ["Request", "Response", "Headers", "fetch", "FormData"]) {
      const value = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { configurable: true, get: () => read.push(name) && (value.get?.() ?? value.value) });
    }
    await import("data:text/javascript;base64," + process.env.CODE);
    console.log(JSON.stringify(read));
  `;
  const env = { ...process.env, CODE: Buffer.from(outputFiles[0]?.contents ?? []).toString("base64") };
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", probe], { env, encoding: "utf8" });
  expect(JSON.parse(printed)).toEqual([]);
});
