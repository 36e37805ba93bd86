// Starts the service of the storm in a process of its own, and ends it surely.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Report } from "./books.js";
import type { Claim } from "./judge.js";
import type { FromService, ToService } from "./storm-service.js";

/** The service, as its parent sees it. */
export interface Storm {
  readonly url: string;
  /** Enters into the books what a caller was told. */
  claim(claim: Claim): void;
  /** From now on nothing goes wrong, or again what may. */
  calm(calm: boolean): void;
  report(): Promise<Report>;
  stop(): Promise<void>;
}

/** Starts the service on a free port of 127.0.0.1. */
export async function startStorm(seed: string): Promise<Storm> {
  const file = fileURLToPath(new URL("storm-service.ts", import.meta.url));
  const child = fork(file, [seed], { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  // To a service that has ended nothing is said.
  const say = (message: ToService) => void child.send(message, () => {});
  const hear = async <T extends FromService>(): Promise<T> => {
    const ended = gone.then(([code]) => Promise.reject(new Error(`The service of the storm ended with ${code}.`)));
    const [message] = await Promise.race([once(child, "message"), ended]);
    return message as T;
  };
  const { url } = await hear<{ url: string }>();
  return {
    url,
    claim: (claim) => say({ claim }),
    calm: (calm) => say({ calm }),
    async report() {
      say({ report: true });
      return (await hear<{ report: Report }>()).report;
    },
    async stop() {
      kill();
      await gone;
      process.off("exit", kill);
    },
  };
}
