import { secretPaths } from "../../generated/index.js";
import type { ReimageClient, ReimageClientOptions, ReimageParameters, VirtualMachineId } from "../index.js";

/** A request as it would be sent, but for its secrets. */
export interface RehearsedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const MASK = "***";

/** Has a client make its POST for each VM, and lets none of them out. */
export async function rehearse(
  connect: (own: Partial<ReimageClientOptions>) => ReimageClient,
  vms: readonly VirtualMachineId[],
  parameters: ReimageParameters | undefined,
): Promise<RehearsedRequest[]> {
  const requests: RehearsedRequest[] = [];
  const client = connect({
    credential: () => "rehearsed",
    async fetch(input, init) {
      const request = new Request(input, init);
      const headers = { ...Object.fromEntries(request.headers), authorization: `Bearer ${MASK}` };
      const body = await request.text();
      requests.push({
        method: request.method,
        url: request.url,
        headers,
        ...(body && { body: masked(JSON.parse(body)) }),
      });
      throw new TypeError("nothing is sent");
    },
  });
  // Each rejects: no answer comes.
  for (const vm of vms) await client.beginReimage(vm, parameters).catch(() => {});
  return requests;
}

/** A body without its secrets, by the contract's own list. */
function masked(body: unknown): unknown {
  for (const path of secretPaths) {
    const holder = path.slice(0, -1).reduce<unknown>((held, name) => Object(held)[name], body);
    const name = path.at(-1) ?? "";
    if (Object.hasOwn(Object(holder), name)) Object.assign(holder as object, { [name]: MASK });
  }
  return body;
}
