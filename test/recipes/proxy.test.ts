/** The README's two ways through a proxy, each through one that counts the tunnels which it opens. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { ProxyAgent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { createReimageClient } from "../../src/index.js";
import { serveSimulator } from "../../src/node/index.js";
import { createSimulator } from "../../src/simulator/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vm =
  "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const major = Number(process.versions.node.split(".")[0]);

async function arrange() {
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, client) => {
    tunnels.push(url);
    const [host, port] = url.split(":");
    const through = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      through.pipe(client).pipe(through);
    });
    for (const socket of [client, through]) socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const served = await serveSimulator(createSimulator({ durationMs: 50, retryAfterSeconds: null }));
  onTestFinished(async () => {
    await served.close();
    proxy.closeAllConnections();
    proxy.close();
  });
  return { tunnels, endpoint: served.url, proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test.skipIf(major >= 24)("before Node 24: the runtime's fetch with a dispatcher of undici", async () => {
  const { tunnels, endpoint, proxy } = await arrange();
  const dispatcher = new ProxyAgent(proxy);
  const fetch: typeof globalThis.fetch = (input, init) =>
    globalThis.fetch(input, { ...init, dispatcher } as RequestInit);
  const options = { credential: () => "any-token", endpoint, allowInsecureLoopback: true, pollIntervalMs: 10, fetch };
  expect(await createReimageClient(options).reimage(vm, { tempDisk: true })).toMatchObject({ status: "succeeded" });
  expect(new Set(tunnels)).toEqual(new Set([new URL(endpoint).host]));
  await dispatcher.destroy();
});

test.skipIf(major < 24)("from Node 24 on: NODE_USE_ENV_PROXY and the usual variables", async () => {
  const { tunnels, endpoint, proxy } = await arrange();
  const folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-proxy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "reimage.mjs");
  const contents = `import { createReimageClient } from "./src/index.js";
    const options = { credential: () => "any-token", endpoint: "${endpoint}", allowInsecureLoopback: true, pollIntervalMs: 10 };
    console.log((await createReimageClient(options).reimage("${vm}", { tempDisk: true })).status);`;
  await build({ stdin: { contents, resolveDir: root }, bundle: true, platform: "node", format: "esm", outfile });
  const env = { PATH: process.env.PATH, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env });
  expect(stdout).toBe("succeeded\n");
  expect(new Set(tunnels)).toEqual(new Set([new URL(endpoint).host]));
});
