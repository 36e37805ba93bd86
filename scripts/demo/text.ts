/** Why: text for a screen of 80 columns, and URLs that can be shown. Nothing here writes. */

export const WIDTH = 80;

/** Breaks text into lines of at most so many characters, at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, width));
  }
  return lines;
}

function pieces(word: string, width: number): string[] {
  return Array.from({ length: Math.ceil(word.length / width) }, (_, i) => word.slice(i * width, (i + 1) * width));
}

/** What has to stand between two texts for them to stand at the edges of the screen, the last column left free. */
export function gap(left: string, right: string): string {
  return " ".repeat(Math.max(WIDTH - 1 - left.length - right.length, 1));
}

/** A URL without what signs it, and without the part that all URLs of the demo begin with. */
export function shortUrl(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/^.*(?=\/(?:virtualMachines|operations)\/)/, "…");
  const shown = [...searchParams].filter(([name]) => name === "monitor" || !searchParams.has("t"));
  const signed = searchParams.has("t") ? ["…"] : [];
  const query = [...shown.map(([name, value]) => `${name}=${value}`), ...signed].join("&");
  return query ? `${path}?${query}` : path;
}

/** Milliseconds as seconds, with one decimal. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A number of bytes for people. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** JSON in lines: an object on one line where it is short enough, else a property a line. */
export function jsonLines(value: unknown, width: number): string[] {
  const flat = flatJson(value);
  if (flat.length <= width || typeof value !== "object" || value === null) return [flat];
  const inner = Object.entries(value).flatMap(([name, held], i, all) => {
    const [first = "", ...rest] = jsonLines(held, width - 2 - name.length - 5);
    const lines = [`  "${name}": ${first}`, ...rest.map((line) => `  ${line}`)];
    if (i < all.length - 1) lines[lines.length - 1] += ",";
    return lines;
  });
  return ["{", ...inner, "}"];
}

function flatJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, held]) => `"${name}": ${flatJson(held)}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
}
