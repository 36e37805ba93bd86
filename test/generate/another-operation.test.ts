/** A contract with an operation of another kind: a GET beside the followed URLs, with an api-version of its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { copyProject } from "./project.js";
import { serve } from "./server.js";

const get = `
  /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Test.Things/things/{thingName}:
    get:
      operationId: Things_Get
      summary: Read a thing
      description: Answers with the thing.
      tags:
        - Operations
      parameters:
        - $ref: openapi.yaml#/components/parameters/SubscriptionId
        - $ref: openapi.yaml#/components/parameters/ResourceGroupName
        - name: thingName
          in: path
          required: true
          description: The name of the thing.
          schema:
            title: a thing is named by letters
            type: string
            pattern: "^[a-z]+$"
          example: something
        - name: api-version
          in: query
          required: true
          description: The version.
          schema:
            title: the api-version is that of things
            type: string
            const: "2099-01-01"
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/OperationStatus"
        default:
          $ref: "#/components/responses/StatusNotReadable"
`;

interface Client {
  thingsGet(path: object, init?: object): Promise<Response>;
}

test("a GET becomes a function, facts and validators by the same code, and what is followed stays types", async () => {
  const project = copyProject();
  const hasPaths = readFileSync(join(project.root, "spec/arm.yaml"), "utf8").includes("\npaths:\n");
  if (hasPaths) project.edit("spec/arm.yaml", "\npaths:\n", `\npaths:${get}`);
  else project.edit("spec/arm.yaml", "\ncomponents:\n", `\npaths:${get}\ncomponents:\n`);
  expect((await project.run()).printed).toMatch(/generated\/arm\/client\.ts[\s\S]*generated\/arm\/validate\.ts/);
  const { "arm/operations.ts": facts } = project.generated();
  expect(facts?.text).toContain("export const thingsGetOperation = {");
  expect(facts?.text).not.toContain("operationStatuses");

  const outfile = join(project.root, "client.mjs");
  await build({ entryPoints: [join(project.root, "generated/arm/client.ts")], bundle: true, format: "esm", outfile });
  const { thingsGet } = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Client;
  const server = await serve((response) => response.end("{}"));
  const path = { subscriptionId: "00000000-0000-0000-0000-000000000000", resourceGroupName: "group", thingName: "it" };
  try {
    expect(await (await thingsGet(path, { endpoint: server.url })).json()).toEqual({});
    await expect(thingsGet({ ...path, thingName: "It" }, { endpoint: server.url })).rejects.toThrow(
      "thingName: a thing is named by letters",
    );
  } finally {
    await server.close();
  }
  expect(server.received.map(({ method, url, body }) => `${method} ${url}${body}`)).toEqual([
    `GET /subscriptions/${path.subscriptionId}/resourceGroups/group/providers/Test.Things/things/it?api-version=2099-01-01`,
  ]);
});
