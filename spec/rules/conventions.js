// What Azure Resource Manager's conventions ask of an operation.
const extensions = {
  "x-ms-long-running-operation": { on: "Operation", type: "boolean" },
  "x-ms-secret": { on: "Schema", type: "boolean" },
  "x-ms-cloud": { on: "Server", type: "string" },
};

/** The api-version is a fact of the contract: the generated client sends it, no caller chooses it. Polls send none of ours. */
export function apiVersionConst() {
  return {
    Paths: {
      PathItem: {
        Operation(operation, ctx, { PathItem }) {
          const parameters = [...(operation.parameters ?? []), ...(PathItem.parameters ?? [])];
          const version = parameters.map((it) => ctx.resolve(it).node).find((it) => it?.name === "api-version");
          const isDate = /^\d{4}-\d\d-\d\d(-[a-z]+)?$/.test(version?.schema?.const);
          if (!isDate || version.in !== "query" || version.required !== true)
            ctx.report({
              message: "An ARM operation has a required query parameter `api-version` whose `const` is a date.",
            });
        },
      },
    },
  };
}

/** OpenAPI asks for it, and the generated client would take a URL with a hole in it for an optional part. */
export function pathParameterRequired() {
  return {
    Parameter(parameter, ctx) {
      if (parameter.in === "path" && parameter.required !== true)
        ctx.report({
          message: `The path parameter \`${parameter.name}\` says \`required: true\`: no URL can do without it.`,
          location: "required" in parameter ? ctx.location.child("required") : ctx.location.key(),
        });
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

/** A misspelt extension, or one out of place, would be ignored in silence. Maps of names (of headers, say) have none. */
export function knownExtension() {
  return {
    any: {
      enter(node, ctx) {
        if (!ctx.type.extensionsPrefix || node === null || typeof node !== "object") return;
        for (const key of Object.keys(node)) {
          if (!key.startsWith(ctx.type.extensionsPrefix)) continue;
          const known = extensions[key];
          if (known?.on === ctx.type.name && known.type === typeof node[key]) continue;
          const message = known
            ? `\`${key}\` is a ${known.type}, and stands on a ${known.on} alone.`
            : `\`${key}\` is none of the extensions that we know: ${Object.keys(extensions).join(", ")}.`;
          ctx.report({ message, location: ctx.location.child(key).key() });
        }
      },
    },
  };
}

/** What lies in a file of its own would be released unseen: the breaking-change gate compares openapi.yaml with a copy of it alone. */
export function referenceInside() {
  return {
    ref(node, ctx) {
      const isArm = ctx.location.source.absoluteRef.endsWith("arm.yaml");
      if (/^(#\/|examples\/)/.test(node.$ref) || (isArm && node.$ref.startsWith("openapi.yaml#/"))) return;
      ctx.report({
        message: "A `$ref` leads into the contract itself, into examples/, or from arm.yaml into openapi.yaml.",
        location: ctx.location.child("$ref"),
      });
    },
  };
}

/** The linter looks past what stands beside a `$ref`: no rule would judge it. */
export function referenceBare() {
  const words = ["$ref", "$comment", "title", "summary", "description"];
  return {
    ref(node, ctx) {
      for (const key of Object.keys(node)) {
        if (!words.includes(key)) {
          ctx.report({
            message: `Beside a \`$ref\` there are words alone; \`${key}\` belongs into what it refers to, or into an \`allOf\`.`,
            location: ctx.location.child(key).key(),
          });
        }
      }
    },
  };
}

/** A server is where a token goes: https, and nothing after its path, since the operation's own path and query follow there. */
export function serverHttps() {
  return {
    Server({ url }, ctx) {
      if (!/^https:\/\/[^\s?#@\\]+$/.test(url ?? ""))
        ctx.report({
          message: "A server is an https URL without user, query and fragment.",
          location: ctx.location.child("url"),
        });
    },
  };
}

/** The build takes the word for its own, and would leave out of the package what it is said of. */
export function nothingInternal() {
  return {
    any: {
      enter(node, ctx) {
        if (node === null || typeof node !== "object") return;
        for (const [key, value] of Object.entries(node)) {
          if (typeof value === "string" && value.includes("@internal"))
            ctx.report({
              message: "A contract does not say @internal: the build leaves out of the package what it is said of.",
              location: ctx.location.child(key),
            });
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
