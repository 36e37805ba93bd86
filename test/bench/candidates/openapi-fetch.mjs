// openapi-fetch as it comes, and a loop.
import createClient from "openapi-fetch";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const path =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage";

export function create({ endpoint, fetch, intervalMs = 10_000, credential = () => "token" }) {
  const client = createClient({ baseUrl: endpoint, ...(fetch && { fetch: (request) => fetch(request) }) });

  return async function reimage(vmName, body) {
    const authorization = `Bearer ${await credential()}`;
    const vm = { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName };
    const { error, response } = await client.POST(path, {
      params: { path: vm, query: { "api-version": "2024-07-01" } },
      headers: { authorization },
      parseAs: "text",
      body,
    });
    if (error) throw new Error(`${response.status}`);
    if (response.status === 200) return;
    const statusUrl = new URL(response.headers.get("azure-asyncoperation"));

    for (;;) {
      await sleep(intervalMs);
      const polled = await client.GET(statusUrl.pathname + statusUrl.search, { headers: { authorization } });
      if (polled.error) throw new Error(`${polled.response.status}`);
      const { status } = polled.data;
      if (status === "Succeeded") return;
      if (status === "Failed" || status === "Canceled") throw new Error(status);
    }
  };
}
