/** Why: what a folder exports is a list that a reader can check: generated/index.ts. */

/** The source of index.ts: each export of the modules by name, without those marked `@internal`. */
export function indexSource(modules: Readonly<Record<string, string>>): string {
  const lines = Object.entries(modules).flatMap(([module, source]) => {
    const all = exportsOf(source);
    const names = (types: boolean) => all.flatMap(({ name, isType }) => (isType === types ? [name] : [])).join(", ");
    return [
      ...(names(false) && [`export { ${names(false)} } from "./${module}.js";`]),
      ...(names(true) && [`export type { ${names(true)} } from "./${module}.js";`]),
    ];
  });
  return lines.join("\n");
}

/** What a module exports, with what is internal left out. */
export function exportsOf(source: string): { readonly name: string; readonly isType: boolean }[] {
  const declaration =
    /^(?:\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:async )?(?<kind>interface|type|const|function) (?<name>\w+)/gm;
  return [...source.matchAll(declaration)].flatMap(({ groups: { comment = "", kind = "", name = "" } = {} }) =>
    /@internal\s*$/.test(comment) ? [] : [{ name, isType: kind === "interface" || kind === "type" }],
  );
}
