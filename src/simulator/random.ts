/** A source of 32-bit numbers that look random and follow from a text. It is no cryptography. */
export type Numbers = () => number;

/** Makes the numbers that follow from a text (sfc32, seeded by four FNV-1a hashes). */
export function numbersFrom(text: string): Numbers {
  let a = hash(text, 0x811c9dc5);
  let b = hash(text, a ^ 0x9e3779b9);
  let c = hash(text, b ^ 0x85ebca6b);
  let counter = hash(text, c ^ 0xc2b2ae35);
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}

/** The next GUID, of version 4 by its looks. */
export function guid(next: Numbers): string {
  const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, "0")).join("");
  const variant = "89ab"[next() % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Gives a number from 0 up to 1. Each key has a row of its own, so that no other key's draws change it. */
export type Dice = (key: string) => number;

/** Makes the dice that follow from a seed. */
export function createDice(seed: number): Dice {
  const drawn = new Map<string, number>();
  return (key) => {
    const count = drawn.get(key) ?? 0;
    drawn.set(key, count + 1);
    return numbersFrom(`${seed} ${key} ${count}`)() / 2 ** 32;
  };
}

const BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The next characters of base64url. */
export function base64Url(next: Numbers, length: number): string {
  let text = "";
  while (text.length < length) text += BASE64_URL[next() >>> 26];
  return text;
}

function hash(text: string, start: number): number {
  let value = start;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  // FNV alone leaves the high bits poor.
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  return value ^ (value >>> 15);
}
