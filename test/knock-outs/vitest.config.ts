import { defineConfig } from "vitest/config";

// `npm run test:knock-outs`: a quarter of an hour, so it is no part of `npm test`.
export default defineConfig({
  test: {
    include: ["test/knock-outs/*.knock.ts"],
    testTimeout: 180_000,
  },
});
