// Keeps an origin's records and tells those who wait for something to happen.
import { later } from "./clock.js";
import type { Journal } from "./record.js";

/** Makes an empty journal. */
export function makeJournal(name: string): Journal {
  const waiting = new Set<() => void>();
  const journal: Journal = {
    requests: [],
    sockets: [],
    problems: [],
    changed: () => {
      for (const check of waiting) check();
    },
    until: (condition, withinMs = 2000) => {
      const { stack } = new Error();
      return new Promise((resolve, reject) => {
        const cancel = later(withinMs, () => {
          waiting.delete(check);
          const seen = journal.requests.map((request) => `${request.method || "(partial)"} ${request.url}`);
          const error = new Error(
            `${name} waited ${withinMs} ms in vain for ${condition}; it saw ${seen.length} requests: ${seen.join(", ")}`,
          );
          if (stack) error.stack = stack.replace(/^.*\n/, `Error: ${error.message}\n`);
          reject(error);
        });
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          cancel();
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
  };
  return journal;
}
