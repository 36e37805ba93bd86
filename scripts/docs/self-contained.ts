/** Why: Redocly's page shows a logo from its own host, and might come to load more. A page of ours asks nobody. */

/** Redoc draws its logo once it runs; this one is drawn without being fetched. */
const LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(?:-full)?\.svg/g;
const NOTHING = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** All that the page may load: what stands in it. Redoc's search runs in workers made of blobs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
].join("; ");

/** The page with nothing to fetch, under a policy that lets nothing be fetched. */
export function selfContained(page: string): string {
  const head = /<meta charset="utf-?8"\s*\/?>/;
  if (!head.test(page.slice(0, 500))) throw new Error("Redocly's page begins otherwise than it did: see scripts/docs");
  if (/<(?:script|link|img|iframe)[^>]+(?:src|href)=["']https?:/.test(markup(page)))
    throw new Error("Redocly's page refers to another host: see scripts/docs");
  return page
    .replaceAll(LOGO, NOTHING)
    .replace(head, (charset) => `${charset}\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
}

/** The page without what its scripts hold. */
function markup(page: string): string {
  return page.replace(/(<script[^>]*>).*?<\/script>/gs, "$1");
}
