/** Why: every generated file says first what it comes from, and that it is not the place to edit. */

/** The comment at the head of a file that is generated from `source`, whose sha256 is `digest`. */
export function banner(source: string, digest: string): string {
  return `// Generated from ${source}: do not edit. Change that, then \`npm run generate\`.
// Its sha256: ${digest}
`;
}
