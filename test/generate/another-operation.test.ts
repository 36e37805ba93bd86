/** A contract with one operation more: a GET beside the read of a VM and the followed URLs. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
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
        - $ref: "#/components/parameters/ReadApiVersion"
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
  project.edit("spec/arm.yaml", "\npaths:\n", `\npaths:${get}`);
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
    `GET /subscriptions/${path.subscriptionId}/resourceGroups/group/providers/Test.Things/things/it?api-version=${virtualMachinesGetOperation.apiVersion}`,
  ]);
});
