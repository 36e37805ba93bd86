import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/** These measure time on real sockets, in tens of milliseconds: nothing runs beside them. */
const alone = [
  "test/rules/l-{abort,failures,garbage,waiters,waiting}.test.ts",
  "test/rules/s-{msw,resources}.test.ts",
  "test/rules/s1-*.test.ts",
  "test/rules/s5-credential.test.ts",
  "test/rules/s9-limits.test.ts",
  "test/harness.test.ts",
];

/** Sockets, compilers and child processes share a small machine's cores: what hangs is still found. */
const testTimeout = 20_000;
/** To delete a hundred copies of the contract took a busy machine ten. */
const hookTimeout = 60_000;

/** Every worker is a process of its own: only so does it trust the certificates that the set-up makes. */
const pool = "forks";

export default defineConfig({
  test: {
    pool,
    globalSetup: ["test/harness/global-setup.ts"],
    // With one for each core, a quarter of the time is spent waiting for sockets and child processes.
    maxWorkers: availableParallelism() * 2,
    projects: [
      {
        test: {
          name: "side by side",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...alone],
          typecheck: { enabled: true, checker: "node_modules/typescript-7/bin/tsc", include: ["test/**/*.test-d.ts"] },
          pool,
          testTimeout,
          hookTimeout,
        },
      },
      { test: { name: "alone", include: alone, fileParallelism: false, pool, testTimeout, hookTimeout } },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**"],
      // What was built is run by tests as well, and is no source; the process itself is run by the tests of the packed command.
      exclude: ["dist/**", "src/cli/bin.ts", "src/cli/io.ts"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
