// An Azure Resource Manager in process, as cheap as can be, for `fetch` and for Microsoft's pipeline alike: a 202 with its status
// URL, then as many InProgress as `running` says for the operation, then Succeeded.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const endpoint = "https://management.azure.com";
const operations = `${endpoint}/subscriptions/00000000-0000-4000-8000-000000000000/providers/Microsoft.Compute/locations/westeurope/operations/`;
const bodies = { running: '{"status":"InProgress"}', ended: '{"status":"Succeeded"}' };

/** The status URL of an operation. */
export const statusUrlOf = (id) => `${operations}${id}?api-version=2024-07-01`;

/** `running(id, polls)` tells whether an operation still runs when it is asked for so many times before. */
export async function createTransport(name, running) {
  let posts = 0;
  const polls = new Map();
  const answer = (method, url) => {
    if (method === "POST") return { status: 202, headers: { "azure-asyncoperation": statusUrlOf(posts++) }, body: "" };
    const id = Number(url.slice(operations.length, url.indexOf("?")));
    const count = polls.get(id) ?? 0;
    polls.set(id, count + 1);
    const body = running(id, count) ? bodies.running : bodies.ended;
    return { status: 200, headers: { "content-type": "application/json" }, body };
  };
  if (name.startsWith("arm-compute")) return { endpoint, httpClient: await pipelineOf(answer) };
  const fetch = async (input, init) => {
    const { status, headers, body } = answer(init?.method ?? input.method ?? "GET", String(input.url ?? input));
    return new Response(body, { status, headers });
  };
  return { endpoint, fetch };
}

/** The package that Microsoft's client brings for it. */
async function pipelineOf(answer) {
  const require = createRequire(createRequire(import.meta.url).resolve("@azure/arm-compute"));
  const { createHttpHeaders } = await import(pathToFileURL(require.resolve("@azure/core-rest-pipeline")).href);
  return {
    async sendRequest(request) {
      const { status, headers, body } = answer(request.method, request.url);
      return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
    },
  };
}
