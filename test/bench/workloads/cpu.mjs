// CPU of this process for one reimage of a POST and three polls, 50 at once, in microseconds: in process, or over TLS to `endpoint`.
import { createTransport } from "./transport.mjs";

const [name, operations, endpoint] = process.argv.slice(2);
const { create } = await import(`../candidates/${name}.mjs`);
const transport = endpoint ? { endpoint } : await createTransport(name, (_, polls) => polls < 2);
const reimage = create({ ...transport, intervalMs: 1 });

async function run(count) {
  let next = 0;
  const caller = async () => {
    while (next < count) await reimage(`vm-2-${next++}`);
  };
  await Promise.all(Array.from({ length: 50 }, caller));
}

// Until the code is warm: more code takes the compiler longer, which works beside it and would be counted.
await run(Number(operations));
const before = process.cpuUsage();
await run(Number(operations));
const { user, system } = process.cpuUsage(before);
console.log((user + system) / Number(operations));
process.exit();
