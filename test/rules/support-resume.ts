// Another process: takes up a saved operation by the arguments that it is given, and tells how it ended.
import { createReimageClient } from "../../src/index.js";

const [endpoint = "", saved = "", headers = "{}"] = process.argv.slice(2);
const client = createReimageClient({ endpoint, credential: () => "token-of-the-other", pollIntervalMs: 1 });
const operation = client.resume(saved, { headers: JSON.parse(headers) });
const before = operation.state;
const after = await operation.wait();
process.stdout.write(JSON.stringify({ before, after, saved: operation }));
