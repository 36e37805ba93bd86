/** The workflows as data: what they may do, and what they run, without running them. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly push?: { readonly tags?: readonly string[] } };
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const folder = ".github/workflows";
const files = readdirSync(new URL(`../../${folder}`, import.meta.url));
const workflow = (file: string) => parse(read(`${folder}/${file}`)) as Workflow;
const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };

test("there is a workflow for every push and one for a release", () => {
  expect([...files].sort()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(files)("%s", (file) => {
  test("pins every action by its commit, and says which version that is", () => {
    const lines = read(`${folder}/${file}`)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("may do nothing that a job does not ask for, and a job asks for no more than to read", () => {
    const { permissions, jobs } = workflow(file);
    expect(permissions).toEqual({});
    for (const [name, job] of Object.entries(jobs)) {
      const wanted = file === "release.yml" && name === "publish" ? { "id-token": "write" } : { contents: "read" };
      expect(job.permissions, name).toEqual(wanted);
    }
  });

  test("leaves no credentials in what it checks out, and puts no outside text into a command", () => {
    for (const { uses = "", run = "", with: settings } of Object.values(workflow(file).jobs).flatMap(
      (job) => job.steps,
    )) {
      if (uses.startsWith("actions/checkout@")) expect(settings).toMatchObject({ "persist-credentials": false });
      expect(run).not.toContain("${{");
    }
    expect(read(`${folder}/${file}`)).not.toMatch(/secrets\.|pull_request_target/);
  });
});

test("the gate runs on the oldest Node that package.json and the README name, and on each even one after it", () => {
  const oldest = engines.node.replace(">=", "");
  const { gate } = workflow("ci.yml").jobs;
  expect(gate?.strategy?.matrix.node).toEqual([oldest, "22", "24", "26"]);
  expect(gate?.steps.at(-1)?.run).toBe(".ci/run");
  expect(read("README.md")).toContain(`Node ${oldest} or later`);
});

test("a release runs the gate first, and what may publish runs no code but npm's own", () => {
  const { on, jobs } = workflow("release.yml");
  expect(on).toEqual({ push: { tags: ["v[0-9]*"] } });
  const runs = (job: Job | undefined) => (job?.steps ?? []).flatMap(({ run }) => run ?? []);
  expect(runs(jobs.pack).slice(0, 2)).toEqual([".ci/run", 'npm run release:check -- "$GITHUB_REF_NAME"']);
  expect(jobs.publish).toMatchObject({ needs: "pack" });
  expect(runs(jobs.publish)).toEqual(["npm publish ./packed/*.tgz --ignore-scripts --provenance --access public"]);
});

test("what Dependabot holds back is a dependency, and a comment says why", () => {
  const text = read(".github/dependabot.yml");
  const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
  const { updates } = parse(text) as { updates: { ignore?: { "dependency-name": string }[] }[] };
  const held = updates.flatMap(({ ignore = [] }) => ignore.map((one) => one["dependency-name"]));
  expect(held.filter((name) => !(name in devDependencies))).toEqual([]);
  expect(held).toEqual(expect.arrayContaining(["@biomejs/biome", "@redocly/cli", "vitest", "msw"]));
});
