// All origins of a test, seen as one: for "one POST, wherever it went" and "the token went nowhere else".
import type { Origin } from "./origin.js";
import type { RecordedRequest, RecordedSocket } from "./record.js";

let origins: Origin[] = [];

/** Adds an origin; `startOrigin` does it. */
export function register(origin: Origin): void {
  origins.push(origin);
}

const byTime = (one: { at: number }, other: { at: number }): number => one.at - other.at;

/** Everything that arrived at any origin since the last `closeAll`, in the order of time. */
export const everywhere = {
  get requests(): RecordedRequest[] {
    return origins.flatMap(({ requests }) => requests).sort(byTime);
  },
  get posts(): RecordedRequest[] {
    return everywhere.requests.filter(({ method }) => method === "POST");
  },
  get sockets(): RecordedSocket[] {
    return origins.flatMap(({ sockets }) => sockets).sort(byTime);
  },
  /** Every Authorization header. */
  authorizations(): string[] {
    return everywhere.requests.flatMap(({ headers }) => headers.authorization ?? []);
  },
  /** Every body that is not empty. */
  bodies(): string[] {
    return everywhere.requests.map(({ body }) => body).filter((body) => body !== "");
  },
};

/** Closes all origins at once and fails if one was asked for what its script did not hold: `afterEach(closeAll)`. */
export async function closeAll(): Promise<void> {
  const closing = origins;
  origins = [];
  await Promise.all(closing.map((origin) => origin.close()));
  const problems = closing.flatMap((origin) => origin.problems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
