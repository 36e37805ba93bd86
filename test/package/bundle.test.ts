import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { expect, test } from "vitest";
import { manifestIn, sourceOf } from "../../scripts/build/manifest.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What the bundle may weigh, in bytes. */
const BUDGET = 10_000;
/** What each file weighed in it, minified, when that was last written down. */
const known = JSON.parse(readFileSync(new URL("./bundle.json", import.meta.url), "utf8")) as Record<string, number>;
/** A page that reimages one VM and waits. */
const page = (from: string) => `import { createReimageClient } from "${from}";
  await createReimageClient({ credential: () => "token" }).reimage("id");`;
const options = {
  ...({ bundle: true, minify: true, format: "esm", target: "es2022", write: false, metafile: true } as const),
  absWorkingDir: root,
};

/** Puts in place of a source what package.json has browsers load instead, as bundlers do with what is built. */
const forBrowsers: Plugin = {
  name: "for browsers",
  setup({ onResolve }) {
    for (const [file, instead] of Object.entries(manifestIn(root).browser ?? {})) {
      const [everywhere, path] = [join(root, sourceOf(file)), join(root, sourceOf(instead))];
      onResolve({ filter: /^\.\.?\// }, (asked) =>
        join(asked.resolveDir, asked.path).replace(/\.js$/, ".ts") === everywhere ? { path } : undefined,
      );
    }
  },
};

/** What bundlers make of the built package. */
async function bundle(platform: "browser" | "node"): Promise<string> {
  const stdin = { contents: page("azure-vm-reimage"), resolveDir: root };
  const { outputFiles } = await build({ ...options, stdin, platform });
  return outputFiles[0]?.text ?? "";
}

/** The minified bytes of each source in the same. */
async function sources(): Promise<readonly (readonly [file: string, bytes: number])[]> {
  const stdin = { contents: page("./src/index.js"), resolveDir: root };
  const { metafile } = await build({ ...options, stdin, plugins: [forBrowsers] });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.map(([file, { bytesInOutput }]) => [file, bytesInOutput]);
}

test("what a page loads to reimage a VM weighs 10 kB at most, gzipped; if it is more, this says what crept in", async () => {
  const [text, files] = await Promise.all([bundle("browser"), sources()]);
  const { length } = gzipSync(text, { level: 9 });
  const crept = files
    .map(([file, bytes]) => ({ file, bytes, more: bytes - (known[file] ?? 0) }))
    .filter(({ more }) => more > 0)
    .sort((a, b) => b.more - a.more)
    .map(({ file, bytes, more }) => `  ${file}: ${bytes} B minified, ${more} more than before`);
  expect(length, `${length} B gzipped, ${length - BUDGET} over\n${crept.join("\n")}`).toBeLessThanOrEqual(BUDGET);
});

test("it holds no simulator, no examples, and no package: openapi-fetch is for those who send by the generated client alone", async () => {
  const names = (await sources()).map(([file]) => file);
  expect(names).toContain("generated/request.ts");
  expect(names.filter((file) => /^src\/[^/]+\//.test(file))).toEqual([]);
  expect(names.filter((file) => file.startsWith("node_modules/") || file === "generated/send.ts")).toEqual([]);
});

test("it knows no words for a connection that never stood, since no browser tells them; a bundle for Node does", async () => {
  const bundles = await Promise.all((["browser", "node"] as const).map(bundle));
  expect(bundles.map((text) => text.includes("ENOTFOUND"))).toEqual([false, true]);
});

test("no pattern is compiled when it is loaded that names a class of Unicode: that takes milliseconds of a start", async () => {
  const text = await bundle("browser");
  expect(text).toContain("\\\\p{");
  expect(text.match(/(?<!\\)\\[pP]\{.*/)?.[0].slice(0, 80)).toBeUndefined();
});
