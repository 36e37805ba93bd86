/** What needs Node: the simulator behind a real socket, and the token of the Azure command line. */
export { type AzureCliOptions, azureCliCredential } from "./azure-cli.js";
export { type ServedSimulator, type ServeOptions, serveSimulator } from "./serve.js";
