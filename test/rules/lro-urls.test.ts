// L9 and the trust in URLs, as far as no socket is needed.

import { expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { judgeUrl } from "../../src/trust.js";
import { home, monitor, operation, posted } from "./support-core.js";

const { apiVersion } = virtualMachinesReimageOperation;

const origins = [home];
const followed = (raw: string, base: string | undefined = posted) => {
  const judged = judgeUrl(raw, base, origins);
  if (!judged) return "none";
  return judged.trusted ? judged.url : "untrusted";
};

const sample = `${home}/subscriptions/6c8e9a1e-0000-4000-8000-000000000001/providers/Microsoft.Compute/locations/westus/operations/9f2b5c4e-0000-4000-8000-000000000002&monitor=true&api-version=${apiVersion}`;

test.each([
  ["with a signature", `${operation}&t=638779&c=MIIH&s=a-_b&h=x`],
  ["with parameters out of order, twice and empty", `${home}/o?z=1&a=2&z=3&&=&api-version=2020-01-01`],
  ["without an api-version", `${home}/o`],
  ["with escapes in either case", `${home}/a%2fb%2Fc%20d?x=%2B+%c3%A9`],
  ["with two slashes and a trailing one", `${home}//a//b/`],
  ["of the reference page's sample, with & where traffic has ?", sample],
  ["of Location", monitor],
])("L9: a URL %s is opaque", (_, url) => {
  expect(followed(url)).toBe(url);
});

test.each([
  ["HTTPS://MANAGEMENT.AZURE.COM/X?Y=Z", `${home}/X?Y=Z`],
  [`${home}:443/x`, `${home}/x`],
  [home, `${home}/`],
  [`${home}/a/../b/./c`, `${home}/b/c`],
  [`${home}/a b?c d`, `${home}/a%20b?c%20d`],
  [`${home}/é?é`, `${home}/%C3%A9?%C3%A9`],
  [`  ${home}/x  `, `${home}/x`],
  [`${home}/x#fragment`, `${home}/x`],
])("L9: %s is polled in its WHATWG serialisation", (raw, url) => {
  expect(followed(raw)).toBe(url);
});

test("L9: URLs up to 8 KB are followed, longer ones are none", () => {
  const long = (length: number) => `${home}/`.padEnd(length, "x");
  expect(followed(long(3200))).toBe(long(3200));
  expect(followed(long(8192))).toBe(long(8192));
  expect(followed(long(8193))).toBe("none");
});

test("L9: a URL that is followed can be followed again from its saved form", () => {
  for (const raw of [`/${"é".repeat(2000)}`, `/${" ".repeat(4000)}x`, `/${'"'.repeat(5000)}`, "/x"]) {
    const url = followed(raw);
    expect(url === "none" || followed(url, undefined) === url, `${raw.slice(0, 9)}…`).toBe(true);
  }
});

test.each([
  "https://evil.example/x",
  "//evil.example/x",
  "///evil.example/x",
  "\\\\evil.example\\x",
  "/\\evil.example/x",
  "https:\\\\management.azure.com\\x",
  "https://management.azure.com\\@evil.example/x",
  "https://evil.example\\@management.azure.com/x",
  "https://management.azure.com@evil.example/x",
  "https://user@management.azure.com/x",
  "https://user:password@management.azure.com/x",
  "https://:password@management.azure.com/x",
  "http://management.azure.com/x",
  "http://management.azure.com:443/x",
  "https://management.azure.com:444/x",
  "https://management.azure.com./x",
  "https://management.azure.com.evil.example/x",
  "https://evil-management.azure.com/x",
  "https://xn--mnagement-31a.azure.com/x",
  "https://mаnagement.azure.com/x",
  "https://[::1]/x",
  "ftp://management.azure.com/x",
  "wss://management.azure.com/x",
  "file:///etc/passwd",
  "data:application/json,%7B%22status%22:%22Succeeded%22%7D",
  "blob:https://management.azure.com/0",
  "javascript:alert(1)",
  "about:blank",
  "mailto:x@management.azure.com",
  "https://management.azure.com/\tx",
])("L9: %s is a URL, but not one to be trusted", (raw) => {
  expect(followed(raw)).toBe("untrusted");
});

test.each([
  ["another origin", "//evil.example/x#y", "https://evil.example/x"],
  ["http", "http://management.azure.com/x", "http://management.azure.com/x"],
  ["a backslash", "https://management.azure.com\\@evil.example/x", undefined],
  ["a tab", "https://management.azure.com/\tx", undefined],
  ["a user", "https://user@management.azure.com/x", undefined],
  ["an origin that is hidden", "blob:https://management.azure.com/0", undefined],
  ["another scheme", "ftp://management.azure.com/x", undefined],
  ["a scheme for sockets", "wss://management.azure.com/x", undefined],
])("S2: of %s that is not trusted a URL is kept only if it means the same when it is read again", (_, raw, url) => {
  expect(judgeUrl(raw, posted, origins)).toEqual({ trusted: false, ...(url && { url }) });
  if (url) expect(judgeUrl(url, undefined, origins)).toEqual({ trusted: false, url });
});

test.each(["https:user@management.azure.com/x", "https:management.azure.com@management.azure.com/x"])(
  "S2: a user with no slashes before him is a trick too: %s",
  (raw) => {
    expect(judgeUrl(raw, undefined, origins)).toEqual({ trusted: false });
  },
);

test.each(["", "  ", "https://", "https://?", "http://[", "https://a b/", "https://management.azure.com:99999/"])(
  "L9: %j is no URL at all",
  (raw) => {
    expect(followed(raw)).toBe("none");
  },
);

test.each(["/x", "x", "?x", "//management.azure.com/x", "#x"])("L9: %s means nothing without a request", (raw) => {
  expect(judgeUrl(raw, undefined, origins)).toBeUndefined();
});
