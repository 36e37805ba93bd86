import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, string | { types: string }>;
};
const entries = Object.entries(exports).flatMap(([name, entry]) =>
  typeof entry === "string" ? [] : [{ name, file: root + entry.types.slice(2) }],
);

/** Every public name of the package with its declaration, without comments, as it was built. */
function publicApi(): string {
  const options = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
  };
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter({ removeComments: true });
  const printed = new Set<ts.Symbol>();
  const declarationsOf = (symbol: ts.Symbol): string[] => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const declared = printed.has(target) ? [] : (target.declarations ?? []);
    printed.add(target);
    return declared.flatMap((declaration) => {
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      const text = printer
        .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
        .replace(/^(export )?(declare )?/, "");
      return [text, ...inheritedBy(declaration).flatMap(declarationsOf)];
    });
  };
  /** What a class or an interface of ours extends, be it exported or not. */
  const inheritedBy = (node: ts.Node): ts.Symbol[] =>
    (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) ? (node.heritageClauses ?? []) : [])
      .flatMap(({ types }) => types.map(({ expression }) => checker.getSymbolAtLocation(expression)))
      .filter((symbol) => symbol !== undefined)
      .filter(({ declarations = [] }) =>
        declarations.every((one) => one.getSourceFile().fileName.startsWith(`${root}dist/`)),
      );
  return entries
    .map(({ name, file }) => {
      const source = program.getSourceFile(file);
      const symbol = source && checker.getSymbolAtLocation(source);
      const names = symbol ? checker.getExportsOfModule(symbol).sort((a, b) => a.name.localeCompare(b.name)) : [];
      return [`// azure-vm-reimage${name.slice(1)}: ${names.length} names`, ...names.flatMap(declarationsOf)].join(
        "\n\n",
      );
    })
    .join("\n\n\n");
}

test("the public names and types are those under review: update the snapshot with `npx vitest test/package/api.test.ts -u`", async () => {
  // What the contract may change in one place is no change of the API.
  const api = publicApi().replaceAll(virtualMachinesReimageOperation.apiVersion, "{api-version}");
  await expect(api).toMatchFileSnapshot("../api.snapshot.d.ts");
}, 60_000);
