import { createServer } from "node:net";
import { expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/index.js";
import { createReimageClient } from "../../src/index.js";
import { idOf, run, TOKEN } from "./run.js";

test("simulate says where it is, serves a scenario, and ends with 0 when it is interrupted", async () => {
  const interruption = new AbortController();
  let endpoint = "";
  let ended: ReturnType<typeof run> | undefined;
  const served = new Promise<void>((resolve) => {
    const onText = (text: string) => {
      endpoint ||= /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
      if (endpoint) resolve();
    };
    ended = run(["simulate", "--preset", "busy", "--duration", "1s"], { interrupted: interruption.signal, onText });
  });
  await served;
  const client = createReimageClient({ credential: () => TOKEN, endpoint, allowInsecureLoopback: true });
  await expect(client.reimage(idOf("a"))).rejects.toMatchObject({ status: 409 });
  interruption.abort();
  expect(await ended).toMatchObject({ code: 0, err: expect.stringContaining("Any token will do") });
  await expect(fetch(endpoint)).rejects.toThrow();
});

test("as its help says, a name means nothing to simulate, and answers have a Retry-After of 10 and then 30 s", async () => {
  const { out: help } = await run(["simulate", "--help"]);
  expect(help.replace(/\s+/g, " ")).toContain(
    "ends as --preset says; its name means nothing here, other than with --simulate. Answers have a Retry-After of 10 s, later 30 s,",
  );
  const interruption = new AbortController();
  let ended: ReturnType<typeof run> | undefined;
  const endpoint = await new Promise<string>((resolve) => {
    const onText = (text: string) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (url) resolve(url);
    };
    ended = run(["simulate", "--duration", "1h"], { interrupted: interruption.signal, onText });
  });
  const headers = { authorization: "Bearer any" };
  const { apiVersion } = virtualMachinesReimageOperation;
  const url = `${endpoint}${idOf("busy-fail")}/reimage?api-version=${apiVersion}`;
  const accepted = await fetch(url, { method: "POST", headers });
  expect([accepted.status, accepted.headers.get("retry-after")]).toEqual([202, "10"]);
  const running = await fetch(accepted.headers.get("azure-asyncoperation") ?? "", { headers });
  expect([running.headers.get("retry-after"), await running.json()]).toEqual([
    "30",
    expect.objectContaining({ status: "InProgress" }),
  ]);
  interruption.abort();
  await ended;
});

test.each<[string, readonly string[], RegExp]>([
  ["a VM", [idOf("a")], /simulate takes no VMs/],
  ["a scenario that there is not", ["--preset", "toString"], /--preset must be one of succeeds, /],
  ["a port that is none", ["--port", "70000"], /--port must be a number from 0 to 65535/],
  ["a certificate without its key", ["--tls-cert", "cert.pem"], /--tls-cert and --tls-key go together/],
  ["a certificate that is not there", ["--tls-cert", "no/c", "--tls-key", "no/k"], /file of --tls-cert cannot be read/],
  ["a time without a unit", ["--duration", "90"], /--duration must be a time with its unit/],
])("simulate refuses %s with exit code 2", async (_, argv, complaint) => {
  expect(await run(["simulate", ...argv])).toMatchObject({ code: 2, out: "", err: expect.stringMatching(complaint) });
});

test("simulate says that an address is none, and does not open the machine to everybody", async () => {
  expect(await run(["simulate", "--host", ""])).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/cannot be served.*host must be/),
  });
});

test("simulate says that a port is taken", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  expect(await run(["simulate", "--port", String(port)])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/cannot be served.*EADDRINUSE/),
  });
  other.close();
});
