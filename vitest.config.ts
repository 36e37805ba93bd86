import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Sockets, compilers and child processes share a small machine's cores: what hangs is still found.
    testTimeout: 20_000,
    // Every worker is a process of its own: only so does it trust the certificates that the set-up makes.
    pool: "forks",
    globalSetup: ["test/harness/global-setup.ts"],
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
    coverage: {
      provider: "v8",
      include: ["src/**"],
      // What was built is run by tests as well, and is no source; the process itself is run by the tests of the packed command.
      exclude: ["dist/**", "src/cli/bin.ts", "src/cli/io.ts"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
