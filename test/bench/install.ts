/** What `npm install` brings into an empty project. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Weight, weigh } from "../../scripts/check-package/install.js";
import { pack } from "../../scripts/check-package/project.js";
import { installOnce } from "../../scripts/runtimes/cache.js";
import type { Measure } from "./measure.js";
import { VERSIONS } from "./project.js";

export const install: Measure = {
  name: "install",
  async measure({ root }) {
    const folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-pack-"));
    const { tarball } = await pack(root, folder);
    const of = async (name: string, dependencies: Readonly<Record<string, string>>): Promise<Weight> =>
      weigh(await installOnce(root, `install/${name}`, dependencies));
    const weights = {
      "openapi-fetch": await of("openapi-fetch", { "openapi-fetch": VERSIONS["openapi-fetch"] }),
      "arm-compute": await of("arm-compute", { "@azure/arm-compute": VERSIONS["@azure/arm-compute"] }),
      // The tarball's folder is new each time, so that it is installed each time.
      ours: await of("ours", { "azure-vm-reimage": `file:${tarball}` }),
    };
    rmSync(folder, { recursive: true });
    const each = (figure: (weight: Weight) => number) =>
      Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, figure(weight)]));
    return [
      {
        ...{ name: "install-packages", what: "packages that an install brings", unit: "" },
        values: each(({ packages }) => packages),
        budget: { of: "value", most: 3 },
      },
      {
        ...{ name: "install-size", what: "what these weigh", unit: "MB" },
        values: each(({ bytes }) => bytes / 1e6),
        budget: { of: "value", most: 0.6 },
      },
    ];
  },
};
