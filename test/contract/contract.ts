// The contract as other tools see it: bundled by Redocly, judged by ajv.
import { join } from "node:path";
import { bundle, createConfig } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { root } from "./copy.js";

export interface Schema {
  description?: string;
  type?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: { $ref: string };
  $ref?: string;
  "x-ms-secret"?: boolean;
  writeOnly?: boolean;
}
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description: string;
  schema: Schema;
}
export interface Example {
  summary: string;
  value: unknown;
}
export interface Response {
  description: string;
  headers: Record<string, { required?: boolean; schema: Schema; examples: Record<string, Example> }>;
  content?: Record<string, { schema: Schema }>;
}
export interface Contract {
  servers: { url: string }[];
  security: unknown;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}
export interface Operation {
  operationId: string;
  description: string;
  parameters: Parameter[];
  requestBody: {
    description: string;
    required: boolean;
    content: Record<string, { schema: Schema; examples: Record<string, Example> }>;
  };
  responses: Record<string, Response>;
}

async function readContract(options: { dereference?: boolean } = {}): Promise<Contract> {
  const config = await createConfig({});
  const { bundle: bundled } = await bundle({ ref: join(root, "spec/openapi.yaml"), config, ...options });
  return bundled.parsed as Contract;
}

export const contract = await readContract();
export const whole = await readContract({ dereference: true });
export const [path = "", methods = {}] = Object.entries(whole.paths)[0] ?? [];
export const operation = methods.post as Operation;
export const { schemas } = contract.components;

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(contract as object, "contract");
export const accepts = (schema: string, value: unknown): boolean =>
  ajv.validate({ $ref: `contract#/components/schemas/${schema}` }, value);
export const acceptsProfile = (osProfile: object): boolean => accepts("VirtualMachineReimageParameters", { osProfile });
