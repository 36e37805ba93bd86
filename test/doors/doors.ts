// The simulator's doors, each with what a client needs to come in by it.
import { setupServer } from "msw/node";
import { inject } from "vitest";
import type { ReimageClientOptions } from "../../src/index.js";
import { reimageHandlers } from "../../src/msw/index.js";
import { serveSimulator } from "../../src/node/index.js";
import type { Simulator } from "../../src/simulator/index.js";

export interface Door {
  readonly client: Partial<ReimageClientOptions>;
  close(): Promise<void>;
}

/** Opens a door to a simulator. */
export type Open = (arm: Simulator) => Promise<Door>;

export const doors: Readonly<Record<"fetch" | "msw" | "http" | "https", Open>> = {
  fetch: async ({ fetch }) => ({ client: { fetch }, close: async () => {} }),
  msw: async (arm) => {
    const server = setupServer(...reimageHandlers(arm));
    server.listen({ onUnhandledRequest: "error" });
    return { client: {}, close: async () => server.close() };
  },
  http: async (arm) => {
    const { url, close } = await serveSimulator(arm);
    return { client: { endpoint: url, allowInsecureLoopback: true }, close };
  },
  https: async (arm) => {
    const { url, close } = await serveSimulator(arm, { tls: inject("certificates").origins.trusted });
    return { client: { endpoint: url }, close };
  },
};
