import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PURE = ["lro", "reply", "trust", "vm-id", "redact", "json", "limits"];
const EDGE = ["send", "credential", "time", "runtime", "runtime.browser"];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Every source, `from` being its name without its ending. */
const sources = ["src", "generated"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({
      from: posix.join(folder, file.replaceAll("\\", "/")).replace(/\.ts$/, ""),
      text: readFileSync(join(root, folder, file), "utf8"),
    })),
);

/** Every import of the sources, `to` being a file of the project without its ending, or a package. */
const imports: readonly Import[] = sources.flatMap(({ from, text }) =>
  [...text.matchAll(/^(?:import|export)\s+(type\s+)?([^;]*?)\s*from\s*"([^"]+)"/gm)].map(
    ([, type, names = "", to = ""]) => ({
      from,
      to: to.startsWith(".") ? posix.join(posix.dirname(from), to).replace(/\.js$/, "") : to,
      typeOnly:
        type !== undefined ||
        (/^\{/.test(names) &&
          names
            .slice(1, -1)
            .split(",")
            .every((name) => /^\s*(type\s|$)/.test(name))),
    }),
  ),
);
const named = (folder: string, names: readonly string[]) => names.map((name) => `${folder}/${name}`);
const violations = (from: (file: string) => boolean, allowed: (one: Import) => boolean) =>
  imports.filter((one) => from(one.from) && !allowed(one)).map(({ from, to }) => `${from} -> ${to}`);

test("the sources are found, and their imports read", () => {
  expect(imports).toContainEqual({ from: "src/client", to: "src/begin", typeOnly: false });
  expect(imports).toContainEqual({ from: "src/lro", to: "src/reply", typeOnly: false });
  expect(imports).toContainEqual({ from: "src/begin", to: "src/core", typeOnly: true });
});

test("generated/ never imports src/, and only what sends imports a package: openapi-fetch", () => {
  const isGenerated = (file: string) => file.startsWith("generated/");
  expect(
    violations(isGenerated, ({ from, to }) => isGenerated(to) || (from === "generated/send" && to === "openapi-fetch")),
  ).toEqual([]);
});

test("the pure core imports itself, generated facts, types, and of the rest only the error that it throws", () => {
  expect(
    violations(
      (file) => named("src", PURE).includes(file),
      ({ to, typeOnly }) =>
        typeOnly || to.startsWith("generated/") || named("src", PURE).includes(to) || to === "src/errors",
    ),
  ).toEqual([]);
});

test("the edge imports types, the pure core and itself, never what is built on it", () => {
  expect(
    violations(
      (file) => named("src", EDGE).includes(file),
      ({ to, typeOnly }) => typeOnly || named("src", [...PURE, ...EDGE]).includes(to),
    ),
  ).toEqual([]);
});

test("the simulator shares nothing with the client but what is generated", () => {
  expect(
    violations(
      (file) => file.startsWith("src/simulator/"),
      ({ to }) => to.startsWith("src/simulator/") || to.startsWith("generated/"),
    ),
  ).toEqual([]);
});

test("the preflight is built on the client and its parts, and on nothing that reimages or follows a reimage", () => {
  const parts = ["client", "errors", "input", "service", "vm-id", "send", "credential", "json", "redact", "reply"];
  expect(
    violations(
      (file) => file.startsWith("src/preflight/"),
      ({ to, typeOnly }) =>
        to.startsWith("src/preflight/") ||
        to.startsWith("generated/arm/") ||
        named("src", parts).includes(to) ||
        (typeOnly && ["src/core", "src/index"].includes(to)),
    ),
  ).toEqual([]);
  expect(imports.filter(({ from }) => from.startsWith("src/preflight/")).length).toBeGreaterThan(5);
});

test("only the preflight asks for a client's core, which the package does not export", () => {
  const names = (file: string) => readFileSync(join(root, `${file}.ts`), "utf8").includes("coreOf");
  expect([...new Set(imports.map(({ from }) => from))].filter(names).sort()).toEqual([
    "src/client",
    "src/preflight/inspect",
  ]);
});

test("node/ is built on the simulator and node modules, and knows of the client's types alone", () => {
  expect(
    violations(
      (file) => file.startsWith("src/node/"),
      ({ to, typeOnly }) =>
        to.startsWith("src/node/") ||
        to.startsWith("src/simulator/") ||
        to.startsWith("node:") ||
        (to === "src/index" && typeOnly),
    ),
  ).toEqual([]);
});

test("cli/ is built on the public entries and node modules alone", () => {
  const entries = ["", "fleet/", "preflight/", "simulator/", "node/"].map((entry) => `src/${entry}index`);
  const isCli = (file: string) => file.startsWith("src/cli/");
  expect(imports.filter(({ from }) => isCli(from)).length).toBeGreaterThan(0);
  expect(
    violations(isCli, ({ to }) => isCli(to) || to.startsWith("node:") || [...entries, "generated/index"].includes(to)),
  ).toEqual([]);
});

test("the fleet knows the client by its public index only", () => {
  const isFleet = (file: string) => file.startsWith("src/fleet/");
  expect(imports.filter(({ from }) => isFleet(from)).length).toBeGreaterThan(0);
  expect(violations(isFleet, ({ to }) => isFleet(to) || to === "src/index")).toEqual([]);
});

test("what decides the pace is pure: it knows neither the client nor the run", () => {
  const pace = named("src/fleet", ["bucket", "durations", "gate", "inspection", "limits", "pacer"]);
  expect(
    violations(
      (file) => pace.includes(file),
      ({ to }) => pace.includes(to),
    ),
  ).toEqual([]);
});

test("msw/ is built on the simulator and msw", () => {
  expect(
    violations(
      (file) => file.startsWith("src/msw/"),
      ({ to }) => to.startsWith("src/msw/") || to.startsWith("src/simulator/") || to === "msw",
    ),
  ).toEqual([]);
});

test("only msw/ imports msw, and only node/ and cli/ touch node modules and what Node alone has", () => {
  expect(imports.filter(({ to }) => /^msw(\/|$)/.test(to)).map(({ from }) => from)).toEqual(["src/msw/index"]);
  const ofNode = /^src\/(node|cli)\//;
  expect(
    violations(
      () => true,
      ({ from, to }) => !to.startsWith("node:") || ofNode.test(from),
    ),
  ).toEqual([]);
  const globals =
    /(?<![\w.`'"-])(process|Buffer|require|setImmediate|global|__dirname|__filename)\b(?=[.([,);])|types="node"/;
  const code = (text: string) =>
    text.replace(/^\/\/\/.*|\/\*[\s\S]*?\*\/|\/\/.*$/gm, (comment) => (/^\/\/\//.test(comment) ? comment : ""));
  const users = sources.filter(({ text }) => globals.test(code(text))).map(({ from }) => from);
  expect(users.filter((file) => !ofNode.test(file))).toEqual([]);
  expect(users).toContain("src/node/exchange");
});

test("the wrapper names no package, no node module, and none of the entries built around it", () => {
  expect(
    violations(
      (file) => /^src\/[^/]+$/.test(file),
      ({ to }) => /^src\/[^/]+$/.test(to) || to.startsWith("generated/"),
    ),
  ).toEqual([]);
});

test("only THE POST builds the generated request, and nothing calls the generated client, which checks the names again", () => {
  const users = (file: string) =>
    imports
      .filter(({ from, to, typeOnly }) => to === file && !typeOnly && from.startsWith("src/"))
      .map(({ from }) => from);
  expect(users("generated/request")).toEqual(["src/post"]);
  expect(users("generated/client")).toEqual([]);
});

test("no import runs in a circle", () => {
  const next = (file: string) =>
    imports
      .filter(({ from, to, typeOnly }) => from === file && !typeOnly && imports.some((one) => one.from === to))
      .map(({ to }) => to);
  const circle = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(file)) return [...trail, file];
    for (const to of next(file)) {
      const found = circle(to, [...trail, file]);
      if (found) return found;
    }
    return undefined;
  };
  expect([...new Set(imports.map(({ from }) => from))].map((file) => circle(file, [])).filter(Boolean)).toEqual([]);
});
