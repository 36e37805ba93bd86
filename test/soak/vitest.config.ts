import { defineConfig } from "vitest/config";

// `npm run test:soak`: minutes, not seconds, so it is no part of `npm test`.
export default defineConfig({
  test: {
    include: ["test/soak/*.soak.ts"],
    pool: "forks",
    // One after the other: the heap and the handles of a run are measured, and the machine may be small.
    fileParallelism: false,
    execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
    testTimeout: 30_000,
    hookTimeout: 180_000,
  },
});
