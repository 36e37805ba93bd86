import type { Io } from "./io.js";
import type { Format } from "./print.js";
import type { RehearsedRequest } from "./rehearse.js";

/** How many requests are shown to a reader; they differ by the VM alone. */
const SHOWN = 3;

/** Prints what would be sent: as HTTP for a reader, as JSON for a machine. */
export function showRequests(requests: readonly RehearsedRequest[], format: Format, { stdout }: Io): void {
  const text = PRINTED[format](requests);
  if (text) stdout.write(`${text}\n`);
}

const PRINTED: Readonly<Record<Format, (requests: readonly RehearsedRequest[]) => string>> = {
  json: (requests) => JSON.stringify(requests, undefined, 2),
  jsonl: (requests) => requests.map((request) => JSON.stringify(request)).join("\n"),
  table: (requests) => {
    const more = requests.length - SHOWN;
    return [...requests.slice(0, SHOWN).map(http), ...(more > 0 ? [`And the same for ${more} more VMs.`] : [])].join(
      "\n\n",
    );
  },
};

function http({ method, url, headers, body }: RehearsedRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, ...(body === undefined ? [] : ["", JSON.stringify(body, undefined, 2)])].join(
    "\n",
  );
}
