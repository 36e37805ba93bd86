// A queue of things to happen, one for each time it is asked. Running out of it is a failure, unless the test said
// that the last one goes on for ever.

/** Marks what repeats from here on. */
export interface Always<T> {
  readonly always: T;
}

/** Repeats for as long as it is asked for. */
export function always<T>(item: T): Always<T> {
  return { always: item };
}

/** What is scripted, and how often it was asked for. */
export interface Script<T> {
  add(items: readonly (T | Always<T>)[]): void;
  /** The next item in a box, or nothing when the script has run out. */
  next(): { readonly item: T } | undefined;
}

/** Makes an empty script. */
export function makeScript<T>(): Script<T> {
  const queue: (T | Always<T>)[] = [];
  return {
    add: (items) => {
      queue.push(...items);
    },
    next: () => {
      if (queue.length === 0) return undefined;
      const first = queue[0] as T | Always<T>;
      if (isAlways(first)) return { item: first.always };
      queue.shift();
      return { item: first };
    },
  };
}

function isAlways<T>(item: T | Always<T>): item is Always<T> {
  return typeof item === "object" && item !== null && "always" in item;
}
