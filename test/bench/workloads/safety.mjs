// A reimage that goes wrong. What came of it, the servers count.
const [name, endpoint] = process.argv.slice(2);
const { create } = await import(`../candidates/${name}.mjs`);
const reimage = create({ endpoint, intervalMs: 20, credential: () => "a-token" });
await Promise.race([reimage("vm").catch(() => {}), new Promise((resolve) => setTimeout(resolve, 20_000))]);
console.log(null);
process.exit();
