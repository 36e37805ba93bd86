// The floor with a time limit for each request: what an AbortSignal costs in the runtime's fetch, whoever passes it.
import { create as createFloor } from "./fetch.mjs";

async function limited(url, init) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 60_000);
  try {
    return await fetch(url, { ...init, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

export const create = (options) => createFloor({ ...options, fetch: limited });
