// Microsoft's autorest test server on the loopback interface, with the one change that it listens nowhere else.
//
// It is no devDependency: 197 packages and 66 MB for one test, and its manifest depends on itself by "file:", a link that the
// lock file must not hold (S13). So the first run installs this very version into node_modules/.cache, without its scripts.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const NAME = "@microsoft.azure/autorest.testserver";
const VERSION = "3.3.51";
const INTEGRITY = "sha512-gHUQu95fI7mQMLa0CYT66CDX/nhJEPvznc+XyJuB8aXHvsgo9LBzqzKozk8stA6AwybikLiMb1UhCcQr8TpBGg==";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache = join(root, "node_modules", ".cache", "azure-vm-reimage");
const home = join(cache, `autorest.testserver-${VERSION}`);
const within = (folder: string) => join(folder, "node_modules", ...NAME.split("/"));

/** The test server. */
export interface TestServer {
  /** Such as `http://127.0.0.1:1234`. */
  readonly url: string;
  /** The paths of its contracts' POST operations that are long-running. */
  readonly longRunningPosts: readonly string[];
  /** The scenarios that were seen through since the last call, as their authors count them. */
  seen(): Promise<string[]>;
  stop(): Promise<void>;
}

/** What the server's process runs. It goes when its parent does, however that went. */
const BOOT = `
  const [app, coverageDirectory] = process.argv.slice(1);
  process.on("disconnect", () => process.exit());
  const { ApiMockApp } = require(app);
  const mock = new ApiMockApp({ coverageDirectory, appendCoverage: false, port: 0 });
  const { app: express } = mock.server;
  const listen = express.listen.bind(express);
  express.listen = (_, ready) => {
    const server = listen(0, "127.0.0.1", () => process.send((ready(), server.address().port)));
    return server;
  };
  mock.start();
`;

/** Starts the test server on a free port of 127.0.0.1. */
export async function startTestServer(): Promise<TestServer> {
  if (!existsSync(home)) await install();
  const coverage = mkdtempSync(join(tmpdir(), "azure-vm-reimage-coverage-"));
  const child = spawn(process.execPath, ["--eval", BOOT, join(within(home), "dist", "app"), coverage], {
    // It prints a line or more for each request.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    cwd: home,
  });
  const gone = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const [port] = await Promise.race([
    once(child, "message"),
    gone.then(([code]) => Promise.reject(new Error(`The autorest test server ended with ${code} before it listened.`))),
  ]);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    longRunningPosts: readContracts(),
    async seen() {
      const counts = await Promise.all(
        ["azure", "optional"].map(async (category) => (await fetch(`${url}/report/${category}`)).json()),
      );
      await fetch(`${url}/report/clear`, { method: "POST" });
      return counts
        .flatMap((category: Record<string, number>) => Object.entries(category))
        .flatMap(([scenario, count]) => (count > 0 ? scenario : []))
        .sort();
    },
    async stop() {
      kill();
      await gone;
      process.off("exit", kill);
      rmSync(coverage, { recursive: true, force: true });
    },
  };
}

/** Installs beside the place and moves there: whoever runs at the same time finds all of it or nothing. */
async function install(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${home}-`);
  try {
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "soak", private: true }));
    const flags = ["--ignore-scripts", "--save-exact", "--prefer-offline", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", ["install", ...flags, `${NAME}@${VERSION}`], { cwd: folder });
    const { packages } = createRequire(import.meta.url)(join(folder, "node_modules", ".package-lock.json"));
    const { integrity } = packages[`node_modules/${NAME}`];
    if (integrity !== INTEGRITY) throw new Error(`${NAME}@${VERSION} is not what it was: ${integrity}`);
    await rename(folder, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readContracts(): string[] {
  const folder = join(within(home), "swagger");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, "")))
    .flatMap(({ paths = {} }: { paths?: Record<string, { post?: Record<string, unknown> }> }) =>
      Object.entries(paths).flatMap(([path, { post }]) => (post?.["x-ms-long-running-operation"] ? path : [])),
    );
}
