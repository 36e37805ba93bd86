// Rules of our own for Redocly's linter: what ARM's conventions ask of a contract, and what our generator relies on.
// Each is one function that answers a visitor. `arm/<name>` is how a report cites one.
import {
  apiVersionConst,
  knownExtension,
  lroDeclaresLocation,
  nothingInternal,
  operationIdGroupVerb,
  pathParameterRequired,
  referenceBare,
  referenceInside,
  serverHttps,
} from "./conventions.js";
import { constraintTitled, patternPortable, requestObjectClosed } from "./input.js";
import { secretInBody, secretMarked, secretWithoutValue } from "./secrets.js";
import { boundsInOrder, headerExampleValid, schemaDefaultValid } from "./values.js";

const rules = {
  "header-example-valid": headerExampleValid,
  "schema-default-valid": schemaDefaultValid,
  "bounds-in-order": boundsInOrder,
  "api-version-const": apiVersionConst,
  "path-parameter-required": pathParameterRequired,
  "lro-declares-location": lroDeclaresLocation,
  "secret-marked": secretMarked,
  "secret-without-value": secretWithoutValue,
  "secret-in-body": secretInBody,
  "known-extension": knownExtension,
  "reference-bare": referenceBare,
  "reference-inside": referenceInside,
  "server-https": serverHttps,
  "nothing-internal": nothingInternal,
  "operation-id-group-verb": operationIdGroupVerb,
  "constraint-titled": constraintTitled,
  "pattern-portable": patternPortable,
  "request-object-closed": requestObjectClosed,
};

// Redocly wants a default export. The preset turns every rule on, so that redocly.yaml cannot forget one.
export default function arm() {
  const on = Object.fromEntries(Object.keys(rules).map((name) => [`arm/${name}`, "error"]));
  return { id: "arm", rules: { oas3: rules }, configs: { all: { rules: on } } };
}
