import { expect, test } from "vitest";
import { notReady, type Release } from "../../scripts/release.js";

const contract = "info:\n  version: 1.2.3\n";
const ready: Release = {
  tag: "v1.2.3",
  manifest: { version: "1.2.3", repository: "github:someone/something" },
  contract,
  released: contract,
  changelog: "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2031-01-02\n\n### Added\n\n- All of it.\n",
};

test("a version whose tag, contract and changelog agree is ready", () => {
  expect(notReady(ready)).toEqual([]);
});

test.each<[string, Partial<Release>]>([
  ["The tag is v1.2.4", { tag: "v1.2.4" }],
  ["info.version of spec/openapi.yaml is 1.2.2", { contract: contract.replace("1.2.3", "1.2.2") }],
  ["spec/released.yaml is not spec/openapi.yaml", { released: "info:\n  version: 1.2.2\n" }],
  ["has no “## [1.2.3]", { changelog: "## [Unreleased]\n" }],
  [
    "move what stands under",
    { changelog: ready.changelog.replace("]\n\n## [1", "]\n\n### Added\n\n- More.\n\n## [1") },
  ],
  ["names no repository", { manifest: { version: "1.2.3" } }],
])("it is not when %s", (complaint, other) => {
  expect(notReady({ ...ready, ...other }).join("\n")).toContain(complaint);
});
