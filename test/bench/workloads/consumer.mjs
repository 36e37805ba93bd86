// What TypeScript needs for a file that uses a candidate, once it is loaded itself, in milliseconds of CPU.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [name, typescript, skipLibCheck] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(typescript);
const uses = {
  empty: "export {};",
  ours: `import { createReimageClient } from "azure-vm-reimage";
    await createReimageClient({ credential: () => "token" }).reimage("id");`,
  "arm-compute": `import { ComputeManagementClient } from "@azure/arm-compute";
    const credential = { getToken: async () => ({ token: "token", expiresOnTimestamp: 0 }) };
    await new ComputeManagementClient(credential, "id").virtualMachines.reimage("rg", "vm");`,
};
const file = `consumer-${name}.mts`;
writeFileSync(file, uses[name]);
const before = process.cpuUsage();
const program = ts.createProgram([file], {
  ...{ strict: true, noEmit: true, types: [], skipLibCheck: skipLibCheck === "true", skipDefaultLibCheck: true },
  ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts", "lib.dom.d.ts"] },
});
// Others' declarations may need what is not there: that is their time all the same.
ts.getPreEmitDiagnostics(program);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
