/** S13: what installing this package brings in, and what it runs. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(read("package.json"));
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  optionalDependencies?: Record<string, string>;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly dependencies?: Record<string, string>;
}
const lock: { lockfileVersion: number; packages: Record<string, Locked> } = JSON.parse(read("package-lock.json"));
const locked = Object.entries(lock.packages).filter(([path]) => path !== "");

describe("S13: the package", () => {
  test("S13: has exactly one runtime dependency", () => {
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(["openapi-fetch"]);
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(manifest.bundledDependencies ?? manifest.bundleDependencies).toBeUndefined();
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
      expect(
        (manifest.peerDependenciesMeta as unknown as Record<string, { optional?: boolean }>)?.[peer]?.optional,
      ).toBe(true);
    }
  });

  test("S13: runs nothing when it is installed", () => {
    const atInstall = [
      "preinstall",
      "install",
      "postinstall",
      "preprepare",
      "prepare",
      "postprepare",
      "prepublish",
      "dependencies",
    ];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => atInstall.includes(name))).toEqual([]);
    // A binding.gyp alone makes npm run node-gyp.
    expect(() => read("binding.gyp")).toThrow("ENOENT");
  });

  test("S13: names exact versions, of which the lock file holds the same", () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    const exact = /^(?:npm:(?:@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;
    expect(Object.entries(wanted).filter(([, version]) => !exact.test(version))).toEqual([]);
    for (const [name, version] of Object.entries(wanted)) {
      expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version.replace(/^npm:.*@/, "")]);
    }
    const { dependencies, devDependencies } = lock.packages[""] as { dependencies?: object; devDependencies?: object };
    expect({ ...dependencies, ...devDependencies }).toEqual(wanted);
    expect(read(".npmrc")).toMatch(/^save-exact=true$/m);
  });
});

describe("S13: the lock file", () => {
  test("S13: has an integrity of every package, and a strong one", () => {
    expect(lock.lockfileVersion).toBeGreaterThanOrEqual(3);
    expect(locked.length).toBeGreaterThan(50);
    expect(
      locked.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? "")).map(([path]) => path),
    ).toEqual([]);
  });

  test("S13: holds every optional package that a locked one names, or `npm ci` refuses it on other platforms", () => {
    const paths = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, "")));
    const named = locked.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
    expect(named.filter((name) => !paths.has(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });

  test("S13: names no registry, no other host, no folder and no repository", () => {
    expect(locked.filter(([, { resolved, link }]) => resolved !== undefined || link).map(([path]) => path)).toEqual([]);
    const hosts = [...read("package-lock.json").matchAll(/https?:\/\/([^/"\s]+)/g)].map(([, host]) => host);
    const funding = locked.flatMap(
      ([, entry]) => JSON.stringify((entry as { funding?: unknown }).funding ?? "").match(/https?:\/\/[^/"\s]+/g) ?? [],
    );
    expect(hosts.length).toBe(funding.length);
    expect(read(".npmrc")).toMatch(/^omit-lockfile-registry-resolved=true$/m);
    expect(read(".npmrc")).not.toMatch(/registry *=|_auth|token/i);
  });

  test("S13: brings a user openapi-fetch with its one helper, and no script that runs at install", () => {
    const runtime = locked.filter(
      ([, { dev, devOptional, optional, peer }]) => !dev && !devOptional && !optional && !peer,
    );
    expect(runtime.map(([path]) => path).sort()).toEqual([
      "node_modules/openapi-fetch",
      "node_modules/openapi-typescript-helpers",
    ]);
    expect(runtime.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  });

  test("S13: every package that would run a script at install is forbidden to by name", () => {
    const scripted = locked
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ""));
    const allowed = manifest.allowScripts as unknown as Record<string, boolean>;
    expect([...new Set(scripted)].filter((name) => allowed[name] !== false)).toEqual([]);
  });
});

test("S13: SECURITY.md says how to report", () => {
  expect(read("SECURITY.md")).toMatch(/report/i);
});
