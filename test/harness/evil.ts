// The origin that nobody may ever contact. It trusts everyone and answers everything with a success, over https with
// a good certificate and over http, so that nothing hides a client that does come.

import { pause } from "./clock.js";
import { type Origin, type OriginOptions, startOrigin } from "./origin.js";
import type { RecordedRequest, RecordedSocket } from "./record.js";
import { json } from "./replies.js";
import { always } from "./script.js";

/** The stranger, on two ports. */
export interface Evil {
  readonly url: string;
  readonly httpUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** Every TCP connection to either port, also those that never sent a byte. */
  readonly contacts: readonly RecordedSocket[];
  /** Rejects when it was contacted at all; waits a moment for one that is on its way. */
  expectUntouched(): Promise<void>;
}

/** Starts the stranger. */
export async function startEvil(): Promise<Evil> {
  const origins: Origin[] = await Promise.all([startOrigin(), startOrigin({ tls: false })]);
  const [https, http] = origins as [Origin, Origin];
  for (const origin of origins) origin.on(() => true, always(json(200, { status: "Succeeded" })));
  const evil: Evil = {
    url: https.url,
    httpUrl: http.url,
    get requests() {
      return origins.flatMap(({ requests }) => requests);
    },
    get contacts() {
      return origins.flatMap(({ sockets }) => sockets);
    },
    expectUntouched: async () => {
      await pause(20);
      if (evil.contacts.length === 0) return;
      const seen = evil.requests.map(({ raw }) => raw).join("\n");
      throw new Error(`the stranger was contacted ${evil.contacts.length} times:\n${seen}`);
    },
  };
  return evil;
}

/** An address on the loopback interface where nobody listens: connecting is refused. */
export async function refusedUrl(options?: OriginOptions): Promise<string> {
  const origin = await startOrigin(options);
  await origin.close();
  return origin.url;
}
