// The floor: what one writes by hand in forty lines. No retries, no limits, no checks, and no word on what an error means.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const base = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute";

async function fail(response) {
  throw new Error(`${response.status}: ${await response.text()}`);
}

export function create({ endpoint, fetch = globalThis.fetch, intervalMs = 10_000, credential = () => "token" }) {
  const headers = async () => ({ authorization: `Bearer ${await credential()}` });

  return async function reimage(vmName, parameters) {
    const posted = await fetch(`${endpoint}${base}/virtualMachines/${vmName}/reimage?api-version=2024-07-01`, {
      method: "POST",
      headers: { ...(await headers()), ...(parameters && { "content-type": "application/json" }) },
      body: parameters && JSON.stringify(parameters),
    });
    if (posted.status === 200) return;
    if (posted.status !== 202) await fail(posted);
    await posted.text();
    const statusUrl = posted.headers.get("azure-asyncoperation") ?? posted.headers.get("location");
    if (!statusUrl) throw new Error("no status URL");
    let retryAfter = Number(posted.headers.get("retry-after"));

    for (;;) {
      await sleep(retryAfter > 0 ? retryAfter * 1000 : intervalMs);
      const polled = await fetch(statusUrl, { headers: await headers() });
      if (!polled.ok) await fail(polled);
      retryAfter = Number(polled.headers.get("retry-after"));
      const { status, error } = await polled.json();
      if (status === "Succeeded") return;
      if (status === "Failed" || status === "Canceled") throw new Error(`${status}: ${error?.code} ${error?.message}`);
    }
  };
}
