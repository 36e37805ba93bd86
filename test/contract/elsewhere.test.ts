/** A contract that leads to another host is refused, and that host hears nothing. */
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkBreaking } from "../../scripts/breaking.js";
import { readContract } from "../../scripts/generate/contract.js";
import { lintContracts } from "../../scripts/lint.js";
import { serve } from "../generate/server.js";
import { type Edit, editedSinceRelease, root } from "./copy.js";

vi.setConfig({ testTimeout: 60_000 });

const ways: readonly (readonly [what: string, edit: (url: string) => Edit, value: string])[] = [
  [
    "a $ref of a schema",
    (url) => ({ from: 'osProfile:\n          $ref: "#/', to: `osProfile:\n          $ref: "${url}/profile.json#/` }),
    "/profile.json#/components/schemas/OSProfileProvisioningData",
  ],
  [
    "an externalValue of a sample",
    (url) => ({ from: "$ref: examples/reimage.json", to: `externalValue: ${url}/reimage.json` }),
    "/reimage.json",
  ],
  [
    "a $ref in a file of samples",
    (url) => ({ file: "examples/reimage.json", from: '"value": {', to: `"$ref": "${url}/v.json", "value": {` }),
    "/v.json",
  ],
];

test.each(ways)("%s: lint, the generator and the breaking-change gate refuse it", async (_, edit, value) => {
  const server = await serve((response) => response.end("{}"));
  onTestFinished(() => server.close());
  const change = edit(server.url);
  const spec = editedSinceRelease(change);
  const file = change.file ?? "openapi.yaml";
  const said = `${server.url}${value} is elsewhere;`;

  const problems = await lintContracts(spec, join(root, "redocly.yaml"));
  expect(problems).toMatchObject([{ file: join(spec, file), rule: "elsewhere" }]);
  const { line, column, message } = problems[0] as (typeof problems)[0];
  expect(message).toContain(said);
  const place = `${file}:${line}:${column}: ${said}`;
  await expect(readContract(spec, "openapi.yaml")).rejects.toThrow(place);
  await expect(checkBreaking(spec, "99.0.0")).rejects.toThrow(place);
  expect(server.received).toEqual([]);
});

test("the released contract is refused in the same way", async () => {
  const server = await serve((response) => response.end("{}"));
  onTestFinished(() => server.close());
  const edit = { from: "$ref: examples/reimage.json", to: `externalValue: ${server.url}/reimage.json` };
  const found = checkBreaking(editedSinceRelease({ ...edit, file: "released.yaml" }), "99.0.0");
  await expect(found).rejects.toThrow(/released\.yaml:\d+:\d+: http\S+ is elsewhere;/);
  expect(server.received).toEqual([]);
});

test.each(["HTTP://a.invalid/x.json", "data:application/json,{}", "//a.invalid/share/x.json"])(
  "%s is elsewhere too",
  async (url) => {
    const spec = editedSinceRelease({ from: "$ref: examples/reimage.json", to: `$ref: "${url}"` });
    await expect(readContract(spec, "openapi.yaml")).rejects.toThrow(`${url} is elsewhere;`);
  },
);
