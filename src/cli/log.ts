import type { ReimageEvent } from "../index.js";
import type { Io } from "./io.js";
import type { Screen } from "./screen.js";
import { jsonOf } from "./text.js";

/** Which events each AZURE_LOG_LEVEL tells. */
const LEVELS: Readonly<Record<string, readonly ReimageEvent["type"][]>> = {
  verbose: ["request", "response", "retry", "state"],
  info: ["response", "retry"],
  warning: ["retry"],
};

/** Tells the client's events as AZURE_LOG_LEVEL asks for; the client has cut the secrets out of them. */
export function createLog({ env }: Pick<Io, "env">, screen: Screen): (event: ReimageEvent) => void {
  const told = LEVELS[env.AZURE_LOG_LEVEL?.toLowerCase() ?? ""] ?? [];
  return (event) => {
    if (told.includes(event.type)) screen.say(`${new Date().toISOString()} ${jsonOf(event)}`);
  };
}
