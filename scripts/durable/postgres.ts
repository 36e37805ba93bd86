/** Why: a database of our own for one test: the machine's PostgreSQL on a folder that is thrown away, never one that is running. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";

export interface Database {
  readonly url: string;
  readonly version: string;
}

/** Lets `use` work with a fresh PostgreSQL; undefined where there is none. */
export async function withPostgres<T>(use: (database: Database) => Promise<T>): Promise<T | undefined> {
  const versions = (await readdir(DEBIAN).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const version = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (version === undefined) return undefined;
  const bin = join(DEBIAN, version, "bin");
  const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-postgres-"));
  const user = await unprivileged();
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  let server: ChildProcess | undefined;
  try {
    await run(join(bin, "initdb"), ["-D", join(folder, "data"), "-U", "fleet", "-A", "trust", "-E", "UTF8"], {
      ...user,
      cwd: folder,
    });
    const port = await freePort();
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, `port=${port}`];
    server = spawn(join(bin, "postgres"), ["-D", join(folder, "data"), ...settings.flatMap((one) => ["-c", one])], {
      ...user,
      cwd: folder,
      stdio: "ignore",
    });
    await ready(join(bin, "pg_isready"), port);
    return await use({ url: `postgres://fleet@127.0.0.1:${port}/postgres`, version });
  } finally {
    await ended(server);
    await rm(folder, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
async function unprivileged(): Promise<{ uid: number; gid: number } | { uid?: never }> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (user: string, what: "-u" | "-g") => Number((await run("id", [what, user])).stdout);
  const user = await idOf("postgres", "-u").then(
    () => "postgres",
    () => "nobody",
  );
  return { uid: await idOf(user, "-u"), gid: await idOf(user, "-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

async function ready(isReady: string, port: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answer = await run(isReady, ["-h", "127.0.0.1", "-p", String(port)]).catch((error: Error) => error);
    if (!(answer instanceof Error)) return;
    if (tries === 100) throw answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A fast shutdown: whoever is still connected is sent away. */
async function ended(server: ChildProcess | undefined): Promise<void> {
  if (!server || server.exitCode !== null) return;
  const exit = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await exit;
}
