// What becomes of a POST of Microsoft's test server: as its authors have it, by the descriptions in their contracts and the
// scenarios that their routes count, and as our rules have it. Nothing of it was copied from what our code does.

/** How an operation ends, as a caller sees it. */
export type End =
  | { readonly name: "succeeded" }
  | {
      readonly name: "OperationFailedError" | "OperationCanceledError" | "RequestRejectedError" | "OutcomeUnknownError";
      readonly started: "no" | "maybe" | "yes";
      readonly status?: number;
      readonly reason?: string;
      readonly code?: string;
      readonly serviceMessage?: string;
    };

/** A route and what is expected of it. */
export interface Route {
  readonly path: string;
  /** What the case is about, where a path has more than one. */
  readonly because?: string;
  /** The end that the authors expect: "errors" is any error, which kind of it they leave to the client. */
  readonly authors: "succeeds" | "fails" | "is canceled" | "errors";
  /** The scenarios that they count when the client went through them, in the order of the alphabet. */
  readonly scenarios: readonly string[];
  readonly ours: End;
  /** How many requests that takes: one POST, always, and so many status reads. */
  readonly reads: number;
  /** Where we differ knowingly, the rule and the reason. */
  readonly differs?: string;
  /** Those of the authors' scenarios that we leave out for that reason. */
  readonly leftOut?: readonly string[];
  /** What the caller adds to its requests. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the server believes of the client before it begins: it keeps its state in a cookie. */
  readonly cookie?: string;
}

export const SUCCEEDED: End = { name: "succeeded" };
