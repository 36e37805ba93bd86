// workerd: bundled. It asks for a default export with a method `test`.
import * as main from "azure-vm-reimage";
import * as fleet from "azure-vm-reimage/fleet";
import * as preflight from "azure-vm-reimage/preflight";
import * as simulator from "azure-vm-reimage/simulator";
import { runSuite } from "./suite.js";

export default {
  async test(_controller, { host }) {
    console.log(JSON.stringify(await runSuite({ api: { ...main, ...preflight, ...fleet, ...simulator }, host })));
  },
};
