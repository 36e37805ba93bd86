/** Why: a browser is Debian's Chromium, headless, with all that would call home turned off. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
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

export interface Opened {
  readonly page: Page;
  readonly version: string;
  close(): Promise<void>;
}

/** A page in a fresh browser; undefined where there is none on the PATH. */
export async function openPage(url: string): Promise<Opened | undefined> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = files.find((file) => existsSync(file));
  if (executablePath === undefined) return undefined;
  const launched = await chromium.launch({ executablePath, args: FLAGS });
  const page = await launched.newPage({ viewport: { width: 720, height: 480 } });
  await page.goto(url);
  return { page, version: launched.version(), close: () => launched.close() };
}
