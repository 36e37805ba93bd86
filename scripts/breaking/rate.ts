// What a change means for those who use this package. `redocly diff` has the first word; each rule here corrects one kind of change
// that it misses or takes for its opposite.
import type { Change, Impact } from "./redocly-diff.js";

/** One change, rated, in words. */
export interface Reason {
  impact: Impact;
  message: string;
  /** `file:line:column`, of the new contract if it still stands there. */
  where: string;
}

type Correction = { impact: Impact; message: string } | undefined;

/** Our own release number, no part of what is agreed on. */
function releaseNumber({ typeName, property }: Change): Correction {
  return typeName === "Info" && property === "version" ? { impact: "none", message: "the release" } : undefined;
}

/** Does a change stand below a keyword, and not below a property of that name? */
function isBelow(keyword: string, { path, property = "" }: Change): boolean {
  return new RegExp(`(?<!/properties)/${keyword}(/|$)`).test(path) && !prose.test(property);
}

/** A keyword that only refuses is gone. */
function refusesNoMore(keyword: string, { path, kind }: Change): Correction {
  if (kind !== "removed" || !path.endsWith(`/${keyword}`)) return undefined;
  return { impact: "minor", message: "nothing is refused any longer" };
}

/** Under `not` everything is upside down: a further value is a further refusal. */
function underNot(change: Change): Correction {
  const { property, base, revision } = change;
  if (!isBelow("not", change)) return undefined;
  const gone = refusesNoMore("not", change);
  if (gone) return gone;
  if (property === "enum" && Array.isArray(base?.value) && Array.isArray(revision?.value)) {
    const before = base.value;
    const refused = revision.value.filter((value) => !before.includes(value));
    if (refused.length === 0) return { impact: "minor", message: "values are no longer refused" };
    return { impact: "major", message: `${refused.length} more value(s) are refused` };
  }
  return { impact: "major", message: "what is refused changed" };
}

/** Of `oneOf` exactly one has to fit: what fits more may fit two, and a call that was valid is refused. */
function underOneOf(change: Change): Correction {
  if (!isBelow("oneOf", change) || change.path.includes("/responses/")) return undefined;
  return refusesNoMore("oneOf", change) ?? { impact: "major", message: "the alternatives of a oneOf changed" };
}

/** Callers who leave the property out get another behaviour. */
function changedDefault({ property, base }: Change): Correction {
  if (property !== "default" || base?.value === undefined) return undefined;
  return { impact: "major", message: "the default changed" };
}

/** Whoever sends or reads it still does. Redocly says so only of objects that refuse what they do not know. */
function removedProperty({ path, kind }: Change): Correction {
  if (kind !== "removed" || !/\/properties\/[^/]+$/.test(path)) return undefined;
  return { impact: "major", message: "the property was removed" };
}

/** A header that was certain is now one to be checked for. */
function uncertainHeader({ typeName, property, base }: Change): Correction {
  if (typeName !== "Header" || property !== "required" || base?.value !== true) return undefined;
  return { impact: "major", message: "the header is no longer certain" };
}

/** A placeholder of the URL is a name that callers of the generated client write. */
function renamedPlaceholder({ typeName, property, kind }: Change): Correction {
  if (typeName !== "PathItem" || property !== "key" || kind !== "modified") return undefined;
  return { impact: "major", message: "the URL template changed" };
}

/** The marks that our redaction and our following of the operation go by. */
function lostMark({ property, base }: Change): Correction {
  if (property !== "x-ms-secret" && property !== "x-ms-long-running-operation") return undefined;
  return base?.value === true ? { impact: "major", message: `${property} was taken away` } : undefined;
}

/** The property disappears from the request or from the answer; a schema that both use is listed under one of them. */
function oneWay({ property, revision }: Change): Correction {
  if ((property !== "readOnly" && property !== "writeOnly") || revision?.value !== true) return undefined;
  return { impact: "major", message: `the property became ${property}` };
}

/** A word for readers: nothing here enforces it. */
function otherFormat({ property }: Change): Correction {
  return property === "format" ? { impact: "patch", message: "the format changed" } : undefined;
}

/** Who reads answers is told more. */
function moreAnswers({ path, property, base, revision }: Change): Correction {
  if (
    property !== "enum" ||
    !/\/responses\/(default|\d{3})\//.test(path) ||
    !Array.isArray(base?.value) ||
    !Array.isArray(revision?.value)
  )
    return undefined;
  const now = revision.value;
  if (base.value.some((value) => !now.includes(value))) return undefined;
  return { impact: "minor", message: "an answer has more values" };
}

const prose = /^(\$comment|description|summary|title|example|examples)$/;
const proseTypes = /^(Example|Tag|ExternalDocs|Info|License|Contact)/;

/** Redocly calls all that it does not know a patch. Something other than text means that more, or something else, is possible. */
function morePossible(change: Change): Correction {
  const { typeName, property = "", impact } = change;
  if (impact !== "patch" || prose.test(property) || proseTypes.test(typeName)) return undefined;
  return { impact: "minor", message: `${subject(change)} changed` };
}

const corrections = [
  releaseNumber,
  underNot,
  underOneOf,
  changedDefault,
  removedProperty,
  uncertainHeader,
  renamedPlaceholder,
  lostMark,
  oneWay,
  otherFormat,
  moreAnswers,
  morePossible,
];

/** Rates one change: the first correction that applies, or else Redocly's own verdict. */
export function rate(change: Change): Reason {
  const corrected = corrections.map((correct) => correct(change)).find((it) => it !== undefined);
  const [verdict] = change.verdicts;
  const message = verdict?.message ?? `${change.property ?? subject(change)} was ${change.kind}`;
  const side = change.revision ?? change.base;
  const named = corrected ? { ...corrected, message: `${corrected.message} (${pointerTail(change)})` } : undefined;
  return {
    ...(named ?? { impact: change.impact, message }),
    where: side ? `${side.file}:${side.line}:${side.col}` : change.path,
  };
}

/** What changed, with the name of what it belongs to, where the path or the value tells it. */
function subject(change: Change): string {
  const { typeName, property, path, base, revision } = change;
  const keys = path.split("/").slice(1);
  const at = nameAt(keys);
  const noun = shelves.get(keys[at - 1] ?? "") ?? typeName;
  const isItself = at < 0 || at === keys.length - 1;
  // What stands in a list has its name, or its URL, in its value.
  const value = Object(isItself && property === undefined && (revision ?? base)?.value) as {
    name?: string;
    url?: string;
  };
  const isNumbered = at < 0 || (noun === "Parameter" && /^\d+$/.test(keys[at] ?? ""));
  const name = isNumbered ? (value.name ?? value.url) : keys[at]?.replaceAll("~1", "/").replaceAll("~0", "~");
  if (name === undefined) return property ?? typeName;
  if (property === undefined) return isItself ? `${noun} \`${name}\`` : `${typeName} of \`${name}\``;
  return isItself ? `${property} of ${noun.toLowerCase()} \`${name}\`` : `${property} of \`${name}\``;
}

/** The keys whose children have names, and what such a child is. */
const shelves = new Map([
  ["paths", "Path"],
  ["schemas", "Schema"],
  ["properties", "Property"],
  ["headers", "Header"],
  ["responses", "Response"],
  ["parameters", "Parameter"],
]);

/** Where the innermost name stands among the keys; below 0 when none does. From the left, since a property may be called `headers`. */
function nameAt(keys: readonly string[]): number {
  let found = -1;
  for (let at = 1; at < keys.length; at += 1) if (shelves.has(keys[at - 1] ?? "")) found = at++;
  return found;
}

/** Enough of the path to know the place again. */
function pointerTail({ path }: Change): string {
  return path.split("/").slice(-3).join("/").replaceAll("~1", "/");
}
