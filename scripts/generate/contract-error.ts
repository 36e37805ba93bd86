/** Why: what a contract gets wrong is told in a sentence; what the generator itself gets wrong, with a stack. */

/** Nothing can be generated from the contract. The message says where it is wrong, and why. */
export class ContractError extends Error {
  override readonly name = "ContractError";
}
