import { once } from "node:events";
import { isReimageError } from "../index.js";
import { serveSimulator } from "../node/index.js";
import { createSimulator, type PresetName, presets } from "../simulator/index.js";
import { readDuration } from "./duration.js";
import { readBytes } from "./input.js";
import type { Io } from "./io.js";
import type { Arguments, SIMULATE_OPTIONS } from "./options.js";
import { UsageError } from "./usage.js";

/**
 * The command `simulate`: serves a simulated Azure until it is interrupted. Gives the exit code.
 *
 * @throws {@link UsageError}
 */
export async function simulate({ values, positionals }: Arguments<typeof SIMULATE_OPTIONS>, io: Io): Promise<number> {
  if (positionals.length > 0) throw new UsageError("simulate takes no VMs: every VM exists there.");
  const { preset, port = "0", host, duration, "tls-cert": certFile, "tls-key": keyFile } = values;
  if (preset !== undefined && !Object.hasOwn(presets, preset)) {
    throw new UsageError(`--preset must be one of ${Object.keys(presets).join(", ")}.`);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError("--port must be a number from 0 to 65535.");
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new UsageError("--tls-cert and --tls-key go together.");
  const tls = certFile !== undefined && {
    cert: (await readBytes(certFile, "--tls-cert")).toString("utf8"),
    key: (await readBytes(keyFile ?? "", "--tls-key")).toString("utf8"),
  };
  const arm = createSimulator({
    durationMs: 90_000,
    retryAfterSeconds: { accepted: 10, running: 30 },
    ...(preset !== undefined && presets[preset as PresetName]),
    ...(duration !== undefined && { durationMs: readDuration(duration, "--duration") }),
  });
  const served = await serveSimulator(arm, {
    port: Number(port),
    ...(host !== undefined && { host }),
    ...(tls && { tls }),
  }).catch((error: Error) => {
    throw new UsageError(isReimageError(error) ? error.message : `It cannot be served: ${error.message}`);
  });
  io.stdout.write(`${served.instructions.join("\n")}\n`);
  io.stderr.write("Any token will do (AZURE_ACCESS_TOKEN=any), and every VM exists. Ctrl-C ends it.\n");
  if (!io.interrupted.aborted) await once(io.interrupted, "abort");
  await served.close();
  return 0;
}
