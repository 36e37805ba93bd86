/** The contract as the generator reads it, and the judge that the validators are compared with. */
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type Contract, readContract } from "../../scripts/generate/contract.js";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export const contract: Contract = await readContract(root, "spec/openapi.yaml");

const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, ownProperties: true });

/** ajv's own opinion on a schema of the document, which is found by its JSON pointer. */
export function judge(document: object, pointer: string): ValidateFunction {
  ajv.removeSchema();
  ajv.addSchema(document, "document");
  return ajv.compile({ $ref: `document#${pointer}` });
}
