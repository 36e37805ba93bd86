// Node, Bun and Deno: the package as it is installed beside this file, the suite as bundled beside it.
import * as main from "azure-vm-reimage";
import * as fleet from "azure-vm-reimage/fleet";
import * as preflight from "azure-vm-reimage/preflight";
import * as simulator from "azure-vm-reimage/simulator";
import { runSuite } from "./suite.js";

const [, , host] = process.argv;
console.log(JSON.stringify(await runSuite({ api: { ...main, ...preflight, ...fleet, ...simulator }, host })));
