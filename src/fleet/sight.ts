import type { OperationState } from "../index.js";
import type { Sight } from "./pacer.js";

/** What the pacer learns from a state. */
export function sightOf(state: OperationState): Sight {
  const { location: region, rateLimits } = state;
  if (state.status !== "running") {
    const durationMs = Date.parse(state.endTime ?? "") - Date.parse(state.startTime ?? "");
    return { status: "ended", region, rateLimits, durationMs: durationMs > 0 ? durationMs : undefined };
  }
  const { retryAfterMs, nextPollAt, readFailures } = state;
  if (readFailures === 0) return { status: "running", region, rateLimits, retryAfterMs };
  // The rate limits of such a state may be those of an answer before.
  return { status: "unread", region, retryAfterMs, backOffMs: nextPollAt - Date.now() };
}
