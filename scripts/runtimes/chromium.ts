/** Why: where the browser is and how it is started, said once. It is the machine's own, since no test downloads one. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import type { Row } from "./row.js";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Lets `look` work with a Chromium; where there is none, the row says that it did not run. */
export async function withChromium(
  what: string,
  look: (browser: Browser) => Promise<Omit<Row, "what">>,
): Promise<readonly Row[]> {
  const executablePath = find("chromium", "chromium-browser", "google-chrome");
  if (executablePath === undefined) {
    return [{ what, result: "not run", told: "there is no Chromium on the PATH: install Debian's `chromium`" }];
  }
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    return [{ what, ...(await look(browser)) }];
  } finally {
    await browser.close();
  }
}

/** The first of these programs that is on the PATH. */
function find(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}
