/** All that the suite needs to judge, in every runtime. */
import type { AnyReimageError } from "../../src/index.js";

/** Throws unless both are the same plain JSON. */
export function equal(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`is ${is}, not ${should}`);
}

/** What a promise rejects with. */
export async function rejection<T = AnyReimageError>(promise: PromiseLike<unknown>): Promise<T> {
  return promise.then(
    (value) => {
      throw new Error(`resolved, with ${JSON.stringify(value)}`);
    },
    (error: T) => error,
  );
}
