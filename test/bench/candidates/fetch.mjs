// The floor: what one writes by hand in forty lines. No retries, no limits, no checks, and no word on what an error means.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const base = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute";

export function create({ endpoint, fetch = globalThis.fetch, intervalMs = 10_000, credential = () => "token" }) {
  async function send(url, { headers, ...init } = {}) {
    const response = await fetch(url, {
      ...init,
      headers: { ...headers, authorization: `Bearer ${await credential()}` },
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return response;
  }

  const waitOf = ({ headers }) => Number(headers.get("retry-after")) * 1000 || intervalMs;

  async function post(vmName, parameters) {
    const posted = await send(`${endpoint}${base}/virtualMachines/${vmName}/reimage?api-version=2024-07-01`, {
      method: "POST",
      ...(parameters && { headers: { "content-type": "application/json" }, body: JSON.stringify(parameters) }),
    });
    await posted.text();
    if (posted.status === 200) return {};
    const statusUrl = posted.headers.get("azure-asyncoperation") ?? posted.headers.get("location");
    if (!statusUrl) throw new Error("no status URL");
    return { statusUrl, wait: waitOf(posted) };
  }

  async function poll(statusUrl) {
    const polled = await send(statusUrl);
    return { ...(await polled.json()), wait: waitOf(polled) };
  }

  return async function reimage(vmName, parameters) {
    let { statusUrl, wait } = await post(vmName, parameters);
    while (statusUrl) {
      await sleep(wait);
      const { status, error, wait: next } = await poll(statusUrl);
      if (status === "Succeeded") return;
      if (status === "Failed" || status === "Canceled") throw new Error(`${status}: ${error?.code} ${error?.message}`);
      wait = next;
    }
  };
}
