// From the start of the process to the end of its first reimage over TLS, in milliseconds.
const [name, endpoint] = process.argv.slice(2);
const { create } = await import(`../candidates/${name}.mjs`);
await create({ endpoint, intervalMs: 1 })("vm-0-cold");
console.log(performance.now());
process.exit();
