// Heap for one reimage in flight, between its first poll and its second, in bytes, without those of its status URL.
import { createTransport, statusUrlOf } from "./transport.mjs";

const [name, operations] = process.argv.slice(2);
const count = Number(operations);
const { create } = await import(`../candidates/${name}.mjs`);
let polled = 0;
const running = () => {
  polled += 1;
  return true;
};
const reimage = create({ ...(await createTransport(name, running)), intervalMs: 6_000 });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const settle = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await pause(20);
  }
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
reimage("vm").catch(() => {});
await pause(100);
const before = await settle();
const names = Array.from({ length: count }, (_, i) => `vm-${i}`);
const given = (await settle()) - before;
for (const one of names) reimage(one).catch(() => {});
while (polled < count) await pause(10);
const after = await settle();
console.log((after - before - given) / count - statusUrlOf(count).length);
process.exit();
