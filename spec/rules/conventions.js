// What Azure Resource Manager's conventions ask of an operation.
const knownExtensions = ["x-ms-long-running-operation", "x-ms-secret", "x-ms-cloud"];

/** The api-version is a fact of the contract: the generated client sends it, no caller chooses it. Polls send none of ours. */
export function apiVersionConst() {
  return {
    Paths: {
      PathItem: {
        Operation(operation, ctx, { PathItem }) {
          const parameters = [...(operation.parameters ?? []), ...(PathItem.parameters ?? [])];
          const version = parameters.map((it) => ctx.resolve(it).node).find((it) => it?.name === "api-version");
          const fixed =
            typeof version?.schema?.const === "string" && version.in === "query" && version.required === true;
          if (!fixed)
            ctx.report({ message: "An ARM operation has a required query parameter `api-version` with a `const`." });
        },
      },
    },
  };
}

export function lroDeclaresLocation() {
  return {
    Operation(operation, ctx) {
      if (operation["x-ms-long-running-operation"] !== true) return;
      const accepted = operation.responses?.["202"];
      const headers = accepted && ctx.resolve(accepted).node?.headers;
      if (!headers?.Location) {
        ctx.report({
          message: "A long-running operation declares a 202 with the header Location.",
          location: ctx.location.child("responses"),
        });
      }
    },
  };
}

/** A misspelt extension would be ignored in silence. Maps of names (of headers, say) have no extensions. */
export function knownExtension() {
  return {
    any: {
      enter(node, ctx) {
        if (!ctx.type.extensionsPrefix || node === null || typeof node !== "object") return;
        for (const key of Object.keys(node)) {
          if (key.startsWith(ctx.type.extensionsPrefix) && !knownExtensions.includes(key)) {
            ctx.report({
              message: `\`${key}\` is none of the extensions that we know: ${knownExtensions.join(", ")}.`,
              location: ctx.location.child(key).key(),
            });
          }
        }
      },
    },
  };
}

export function operationIdGroupVerb() {
  return {
    Operation(operation, ctx) {
      if (!/^[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*$/.test(operation.operationId ?? "")) {
        ctx.report({ message: "An operationId is Group_Verb.", location: ctx.location.child("operationId") });
      }
    },
  };
}
