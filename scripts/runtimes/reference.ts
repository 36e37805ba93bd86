/** Why: only a browser can tell whether a reference page shows what it should, and whether it asks another host for anything. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { parse } from "yaml";
import { buildDocs } from "../docs.js";
import type { Document } from "../generate/openapi.js";
import { withChromium } from "./chromium.js";
import type { Row } from "./row.js";

const WHAT = "the reference pages in Chromium show all there is, and ask no other host";

/** Builds the pages, opens them from their files, and looks for every operation and every definition. */
export async function reference(root: string): Promise<readonly Row[]> {
  return withChromium(WHAT, async (browser) => {
    const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-reference-"));
    try {
      const files = await buildDocs(root, folder);
      const looks = await Promise.all(files.map((file) => inspect(root, file, browser)));
      const wrong = looks.flatMap(({ wrong }) => wrong);
      const told = looks.map(({ page, seen }) => `${page}: ${seen} headings`).join("; ");
      return wrong.length > 0 ? { result: "failed", told: wrong.join("; ") } : { result: "passed", told };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** What is wrong with one page, in sentences. */
async function inspect(root: string, file: string, browser: Browser) {
  const name = basename(file, ".html");
  const contract = parse(await readFile(join(root, `spec/${name}.yaml`), "utf8")) as Document;
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const wrong = complaintsOf(page, name);
  const wanted = headings(contract);
  for (const { link, text } of wanted) {
    // Redoc draws a section when it is gone to: the first is a load of the page, the others move within it.
    await page.goto(`${pathToFileURL(file).href}${link}`);
    const shown = page.locator("h2", { hasText: new RegExp(`^${text}$`) }).first();
    await shown.waitFor({ timeout: 15_000 }).catch(() => wrong.push(`${name}: nothing is headed “${text}”`));
  }
  await page.close();
  return { page: name, seen: wanted.length, wrong };
}

/** A list that fills with whatever the page complains of, and with every request that leaves it. */
function complaintsOf(page: Page, name: string): string[] {
  const wrong: string[] = [];
  page.on("request", (request) => {
    if (!/^(?:file|blob|data):/.test(request.url())) wrong.push(`${name}: asked for ${request.url()}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
  return wrong;
}

/** Each operation and each definition, with the link that leads to it. */
function headings({ paths = {}, components: { pathItems = {}, schemas = {} } = {} }: Document) {
  const operations = [...Object.values(paths), ...Object.values(pathItems)]
    .flatMap(({ get, post }) => [get, post])
    .filter((operation) => operation !== undefined)
    .map(({ tags = [], operationId, summary = "" }) => ({
      link: `#/${(tags[0] ?? "").toLowerCase().replaceAll(" ", "-")}/${operationId.toLowerCase()}`,
      text: summary,
    }));
  return [
    ...operations,
    ...Object.keys(schemas).map((name) => ({ link: `#/definitions/${name.toLowerCase()}`, text: name })),
  ];
}
