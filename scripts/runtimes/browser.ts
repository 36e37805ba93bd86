/** Why: a service worker is no Node. A real headless Chromium runs a page with our client and the msw worker. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { withChromium } from "./chromium.js";
import type { Row } from "./row.js";

const WHAT = "a page in Chromium with the msw worker reimages a VM";
const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>running</title>
<style>body { font: 16px/1.5 sans-serif; margin: 2em }</style>
<h1>azure-vm-reimage in a browser</h1>
<ol></ol>
<script type="module" src="/page.js"></script>`;

/** Runs test/runtime/page.ts, and leaves a screenshot in the folder for temporary files. */
export async function browser(root: string): Promise<readonly Row[]> {
  return withChromium(WHAT, async (launched) => {
    const { url, close } = await servePage(root);
    try {
      const page = await launched.newPage({ viewport: { width: 720, height: 480 } });
      await page.goto(url);
      await page.waitForFunction('document.title !== "running"', undefined, { timeout: 30_000 });
      const shown = await page.locator("li").allTextContents();
      const screenshot = join(tmpdir(), "azure-vm-reimage-browser.png");
      await page.screenshot({ path: screenshot });
      const running = shown.filter((line) => /^poll \d+: running$/.test(line)).length;
      const passed = (await page.title()) === "succeeded" && running > 1 && shown.at(-1) === "old OS disk kept: true";
      const told = `${launched.version()}: ${shown.length} lines, the last: ${shown.slice(-2).join("; ")}; ${screenshot}`;
      return { result: passed ? "passed" : "failed", told };
    } finally {
      await close();
    }
  });
}

/** Serves the page, its script and msw's worker on loopback. */
async function servePage(root: string): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["test/runtime/page.ts"],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  const files: Readonly<Record<string, readonly [string, string]>> = {
    "/": ["text/html", PAGE],
    "/page.js": ["text/javascript", outputFiles[0]?.text ?? ""],
    "/mockServiceWorker.js": [
      "text/javascript",
      readFileSync(join(root, "node_modules/msw/lib/mockServiceWorker.js"), "utf8"),
    ],
  };
  const server = createServer(({ url = "" }, response) => {
    const [type, text] = files[url] ?? [];
    if (type === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
