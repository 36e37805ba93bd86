// A browser: bundled, and served by the host itself.
import * as main from "azure-vm-reimage";
import * as fleet from "azure-vm-reimage/fleet";
import * as preflight from "azure-vm-reimage/preflight";
import * as simulator from "azure-vm-reimage/simulator";
import { runSuite } from "./suite.js";

globalThis.results = runSuite({ api: { ...main, ...preflight, ...fleet, ...simulator }, host: location.origin });
