/** The README's comparison, between its two markers. */
import { comparison } from "./markdown.js";
import type { Results } from "./results.js";

const MARKERS = /(<!-- from test\/bench\/results\.json: npm run bench:readme -->\n).*?(<!-- end -->)/s;

/** The README's text with the comparison that the results give. */
export function withComparison(readme: string, { date, versions, rows }: Results): string {
  if (!MARKERS.test(readme)) throw new Error("README.md has lost the markers around its comparison.");
  const beside = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const text = `${comparison(rows)}\n\nMeasured on ${date} with ${beside.join(", ")}, by \`npm run bench\`.\n`;
  return readme.replace(MARKERS, (_, begin: string, end: string) => `${begin}\n${text}${end}`);
}
