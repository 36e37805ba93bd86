// 10 000 reimages in flight, polled every 500 ms: how long after its end each is told, and the longest time that nothing else ran.
import { createTransport } from "./transport.mjs";

const [name, operations] = process.argv.slice(2);
const count = Number(operations);
const { create } = await import(`../candidates/${name}.mjs`);
const start = performance.now();
// Begun over two seconds and ended over two: as many are polled in each moment.
const begins = (id) => (id * 2_000) / count;
const ends = (id) => 4_000 + ((id * 7_919) % count) * (2_000 / count);
const reimage = create({
  ...(await createTransport(name, (id) => performance.now() - start < ends(id))),
  intervalMs: 500,
});

let last = performance.now();
let stall = 0;
const beat = () => {
  const now = performance.now();
  if (now - start > 2_500) stall = Math.max(stall, now - last - 5);
  last = now;
};
const pulse = setInterval(beat, 5);
const delays = [];
let next = 0;
await new Promise((resolve) => {
  const begin = setInterval(() => {
    while (next < count && begins(next) <= performance.now() - start) {
      const id = next++;
      reimage(`vm-${id}`).then(() => {
        delays.push(performance.now() - start - ends(id));
        if (delays.length === count) resolve();
      });
    }
    if (next === count) clearInterval(begin);
  }, 1);
});
beat();
clearInterval(pulse);
delays.sort((a, b) => a - b);
console.log(JSON.stringify({ p50: delays[count / 2], p99: delays[Math.floor(count * 0.99)], stall }));
process.exit();
