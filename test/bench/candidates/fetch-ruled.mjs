// The floor with what the rules ask of each request, by hand: a time limit (S10), two ids (L15), no redirect (S3), a cap for the body (S9).
import { create as createFloor } from "./fetch.mjs";

const CAP = 2 ** 20;

async function read(response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader && text.length <= CAP) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
  }
  return reader?.cancel();
}

function createFetch(fetch) {
  const correlationId = crypto.randomUUID();
  return async (url, { headers, ...init }) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 60_000);
    const ids = { "x-ms-correlation-request-id": correlationId, "x-ms-client-request-id": crypto.randomUUID() };
    try {
      const all = { ...init, headers: { accept: "application/json", ...ids, ...headers } };
      const response = await fetch(url, { ...all, redirect: "manual", signal: controller.signal });
      const text = await read(response);
      const { ok, status, headers: told } = response;
      return { ok, status, headers: told, text: async () => text, json: async () => JSON.parse(text) };
    } finally {
      clearTimeout(timer);
    }
  };
}

export const create = ({ fetch = globalThis.fetch, ...options }) =>
  createFloor({ ...options, fetch: createFetch(fetch) });
