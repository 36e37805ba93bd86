import type { FleetResult } from "./results.js";

type Taken = IteratorResult<FleetResult, undefined>;

/** Where results wait to be taken, or those who take wait for results. */
export interface Outbox {
  put(result: FleetResult): void;
  take(): Promise<Taken>;
  /** No more will come; what is there can still be taken, then an error is told if there was one. */
  close(failure?: { readonly error: unknown }): void;
  /** Forgets what is there, and closes. */
  drop(): void;
}

/** Makes an outbox; `onTaken` is told whenever a result left it. */
export function createOutbox(onTaken: () => void): Outbox {
  const results: FleetResult[] = [];
  const takers: { readonly resolve: (taken: Taken) => void; readonly reject: (error: unknown) => void }[] = [];
  let closed = false;
  let failure: { readonly error: unknown } | undefined;
  const serve = () => {
    while (takers.length > 0) {
      const result = results.shift();
      if (!result && !closed) return;
      const taker = takers.shift();
      if (result) {
        taker?.resolve({ done: false, value: result });
        onTaken();
      } else if (failure) {
        taker?.reject(failure.error);
        failure = undefined;
      } else taker?.resolve({ done: true, value: undefined });
    }
  };

  const outbox: Outbox = {
    put(result) {
      results.push(result);
      serve();
    },
    take: () =>
      new Promise((resolve, reject) => {
        takers.push({ resolve, reject });
        serve();
      }),
    close(reason) {
      closed = true;
      failure = reason;
      serve();
    },
    drop() {
      results.length = 0;
      outbox.close();
    },
  };
  return outbox;
}
