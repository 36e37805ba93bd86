import type { SerializedOperation } from "../index.js";
import { isStray, type Row } from "./rows.js";
import { keyOf } from "./targets.js";

/** Where the status of operations is that may not be asked with the token. */
export interface Strays {
  /** Accepted in this run, or moved in it: their states are nowhere else. */
  readonly rows: readonly Row[];
  readonly origins: readonly string[];
  /** Of states that were handed in. */
  readonly handedIn: readonly string[];
}

/** Finds the origins that were not trusted: of what this run was told, and of the states that it was to follow. */
export function straysOf(rows: readonly Row[], states: readonly SerializedOperation[]): Strays {
  const strays = rows.filter(({ reason }) => isStray(reason));
  const told = strays.filter(({ resume }) => resume !== undefined);
  const others = new Set(strays.filter((row) => !told.includes(row)).map(({ vm }) => vm.toLowerCase()));
  return {
    rows: told,
    origins: originsOf(told.flatMap(({ resume }) => resume ?? [])),
    handedIn: originsOf(states.filter(({ vm }) => others.has(keyOf(vm)))),
  };
}

/** The origins of status URLs, each once. One that plays tricks has none: no option would make it right. */
function originsOf(states: readonly SerializedOperation[]): string[] {
  const urls = states.flatMap(({ statusUrl }) =>
    /^https?:\/\/[^@\\\s]+$/.test(statusUrl ?? "") && URL.canParse(statusUrl ?? "") ? [new URL(statusUrl ?? "")] : [],
  );
  return [...new Set(urls.map(({ origin }) => origin))];
}
