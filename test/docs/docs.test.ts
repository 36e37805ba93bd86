/** The reference pages as files; `npm run test:runtimes` looks at them in Chromium. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readable } from "../../scripts/docs/readable.js";
import { selfContained } from "../../scripts/docs/self-contained.js";
import { buildDocs, DOCUMENTED } from "../../scripts/docs.js";
import type { Document } from "../../scripts/generate/openapi.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
type Contract = Document & { readonly info: { readonly version: string } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-docs-test-"));
  await buildDocs(root, folder);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(DOCUMENTED)("the page of %s", (name) => {
  const page = () => readFileSync(join(folder, `${name}.html`), "utf8");

  test("is one file that names no host to load from, under a policy that forbids it", () => {
    const { scripts, rest } = split(page());
    expect(rest).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!data:|#)/);
    expect(rest).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; `);
    expect(rest.indexOf("Content-Security-Policy")).toBeLessThan(rest.indexOf("<script"));
    expect(page()).not.toMatch(/fonts\.g|cdn\.redoc\.ly/);
    expect(scripts).toBeGreaterThan(1_000_000);
  });

  test("holds every operation, every definition and the version", () => {
    const { info, paths, components } = parse(readFileSync(join(root, `spec/${name}.yaml`), "utf8")) as Contract;
    const operations = [...Object.values(paths ?? {}), ...Object.values(components?.pathItems ?? {})].flatMap(
      ({ get, post }) => [get?.operationId, post?.operationId].filter((id) => id !== undefined),
    );
    expect(operations.length).toBeGreaterThan(0);
    for (const word of [...operations, ...Object.keys(components?.schemas ?? {}), info.version])
      expect(page()).toContain(`"${word}"`);
    expect(page()).toContain('"azure_auth"');
  });
});

test("a definition is headed by its name, and its rule ends its description", () => {
  const document: Document = {
    components: { schemas: { A: { title: "must be short", description: "What it is." }, B: { type: "string" } } },
  };
  expect(readable(document).components?.schemas).toEqual({
    A: { title: "A", description: "What it is.\n\nIt must be short." },
    B: { title: "B", type: "string" },
  });
});

test("a page that Redocly comes to write otherwise is refused, not published", () => {
  const good = '<html><head><meta charset="utf8" /></head><body><script>1</script></body></html>';
  expect(selfContained(good)).toContain("Content-Security-Policy");
  expect(() => selfContained(good.replace("charset", "name"))).toThrow("begins otherwise");
  expect(() => selfContained(good.replace("<script>", '<script src="https://host.example/a.js">'))).toThrow(
    "another host",
  );
});

test("the pages are no part of the repository", () => {
  expect(readFileSync(join(root, ".gitignore"), "utf8")).toMatch(/^\/docs\/$/m);
  expect(parse(readFileSync(join(root, "redocly.yaml"), "utf8"))).toMatchObject({ telemetry: "off" });
});

/** How much of the page is script, and the rest of it. */
function split(page: string) {
  const rest = page.replace(/(<script[^>]*>).*?<\/script>/gs, "$1");
  return { scripts: page.length - rest.length, rest };
}
