/** What no speed makes up for: the second POST of what wipes a disk, and the token in a stranger's hands. Counted by the servers. */
import type { Candidate, Measure, Row } from "./measure.js";
import { spawn } from "./rounds.js";
import { createTls, type Tls } from "./server.js";

const CANDIDATES: readonly Candidate[] = ["arm-compute", "ours"];

export const safety: Measure = {
  name: "safety",
  async measure(bench) {
    const tls = await createTls();
    const count = async (counter: (tls: Tls, run: (url: string) => Promise<void>) => Promise<number>) => {
      const values: Partial<Record<Candidate, number>> = {};
      for (const one of CANDIDATES)
        values[one] = await counter(tls, (url) => spawn(bench, one, { file: "safety", args: [url], env: tls.env }));
      return values;
    };
    const rows: readonly Row[] = [
      {
        ...{ name: "posts-after-500", what: "POSTs of one reimage that a server answers with 500", unit: "" },
        values: await count(postsAfter500),
        budget: { of: "value", most: 1 },
      },
      {
        ...{
          name: "tokens-elsewhere",
          what: "requests with the token at another origin, which a status header names",
          unit: "",
        },
        values: await count(tokensElsewhere),
        budget: { of: "value", most: 0 },
      },
    ];
    await tls.remove();
    return rows;
  },
};

async function postsAfter500(tls: Tls, run: (url: string) => Promise<void>): Promise<number> {
  let posts = 0;
  const server = await tls.serve(({ method }) => {
    if (method === "POST") posts += 1;
    return { status: 500 };
  });
  await run(server.url);
  await server.close();
  return posts;
}

async function tokensElsewhere(tls: Tls, run: (url: string) => Promise<void>): Promise<number> {
  let tokens = 0;
  const elsewhere = await tls.serve(({ headers }) => {
    if (headers.authorization?.includes("a-token")) tokens += 1;
    return { status: 200, headers: { "content-type": "application/json" }, body: '{"status":"Succeeded"}' };
  });
  const server = await tls.serve(() => ({
    status: 202,
    headers: { "azure-asyncoperation": `${elsewhere.url}/operations/1`, location: `${elsewhere.url}/operations/1` },
  }));
  await run(server.url);
  await server.close();
  await elsewhere.close();
  return tokens;
}
