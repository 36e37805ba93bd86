// From nothing loaded to a client that could be used, in milliseconds.
const [name] = process.argv.slice(2);
const start = performance.now();
const { create } = await import(`../candidates/${name}.mjs`);
create({ endpoint: "https://management.azure.com" });
console.log(performance.now() - start);
