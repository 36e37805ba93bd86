import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPacked, type Project } from "../../scripts/check-package/project.js";
import { readmeBlocks } from "./readme.js";

let user: Project;
beforeAll(async () => {
  user = await installPacked(fileURLToPath(new URL("../..", import.meta.url)));
}, 60_000);
afterAll(() => user.remove());

const fileName = (title: string) => `${title.toLowerCase().replaceAll(/\W+/g, "-")}.ts`;
const blocks = readmeBlocks();

test("every block of the README compiles, strictly and without Node's types", async () => {
  user.write(
    "node_modules/@azure/identity/package.json",
    JSON.stringify({ name: "@azure/identity", types: "index.d.ts" }),
  );
  user.write(
    "node_modules/@azure/identity/index.d.ts",
    `import type { TokenCredential } from "@azure/core-auth";
     export declare class DefaultAzureCredential implements TokenCredential { getToken: TokenCredential["getToken"]; }`,
  );
  user.borrow("@azure/core-auth");
  // What the recipes use of their tools; their own types are checked where the sources are.
  const tools = {
    vitest: `interface Matchers { toBe(value: unknown): void; toMatchObject(value: object): void; readonly rejects: Matchers }
      export declare function expect(value: unknown): Matchers;
      export declare function test(name: string, run: () => Promise<void>): void;
      export declare const afterAll: (run: () => void) => void, afterEach: typeof afterAll, beforeAll: typeof afterAll;`,
    "msw/node": `import type { HttpHandler } from "msw";
      export declare function setupServer(...handlers: HttpHandler[]): {
        listen(options: { onUnhandledRequest: "error" }): void; close(): void };`,
    "msw/browser": `import type { HttpHandler } from "msw";
      export declare function setupWorker(...handlers: HttpHandler[]): { start(): Promise<void> };`,
    undici: "export declare class ProxyAgent { constructor(url: string) }",
    msw: "export declare class HttpHandler { readonly info: object }",
  };
  for (const [name, types] of Object.entries(tools)) {
    user.write(`node_modules/${name}/package.json`, JSON.stringify({ name, types: "index.d.ts" }));
    user.write(`node_modules/${name}/index.d.ts`, types);
  }
  for (const { title, code } of blocks) user.write(`blocks/${fileName(title)}`, code);
  const options = ["--module", "nodenext", "--exactOptionalPropertyTypes", "--lib", "es2022,dom", "--outDir", "out"];
  expect(
    await user.compile(
      options,
      blocks.map(({ title }) => `blocks/${fileName(title)}`),
    ),
  ).toBe("");
  expect(blocks.length).toBeGreaterThan(3);
}, 60_000);

test.each(blocks.filter(({ runs }) => runs))(
  "the README's block under “$title” prints what it says",
  async ({ title, prints }) => {
    const printed = (await user.node(`out/${fileName(title).replace(/ts$/, "js")}`)).split("\n");
    expect(printed).toEqual(expect.arrayContaining([...prints]));
    expect(prints.length).toBeGreaterThan(0);
  },
  30_000,
);
