// The judge and the log, before they are relied upon: they see what is false, and what shows.
import { describe, expect, test } from "vitest";
import { forms } from "../rules/support-s-secrets.js";
import { captureLog } from "./captured-log.js";
import { type Account, type Claim, judge } from "./judge.js";
import { customDataOf, passwordOf, signaturesSavedIn, tokenOf } from "./secrets.js";

const truth = { status: "Succeeded", endTime: 1000 };
const account: Account = { vmName: "vm", posts: ["plain"], answered: true, taken: 1, truth };
const claim: Claim = { vmName: "vm", first: "accepted", last: "succeeded", at: 1000 };
const refused: Account = { ...account, posts: ["400"], taken: 0 };

describe("the judge", () => {
  test.each<[string, Account, Claim]>([
    ["a success", account, claim],
    ["a refusal", refused, { ...claim, first: "no", last: "no" }],
    ["a doubt after a 500", { ...account, posts: ["500, taken"] }, { ...claim, first: "maybe", last: "maybe" }],
    [
      "a doubt where the connection was gone",
      { ...account, answered: false },
      { ...claim, first: "maybe", last: "maybe" },
    ],
    ["a POST repeated after a challenge", { ...account, posts: ["401 with claims", "plain"] }, claim],
    [
      "a POST repeated twice when throttled",
      { ...account, posts: ["429 with retry-after", "429 with retry-after", "plain"] },
      claim,
    ],
    [
      "a doubt when the second POST was lost",
      { ...account, posts: ["429 with retry-after"], taken: 0 },
      { ...claim, first: "maybe", last: "maybe", excuse: "no answer" },
    ],
    [
      "a refusal when throttled for the third time",
      { ...refused, posts: ["429 with retry-after", "429 with retry-after", "429 with retry-after"] },
      { ...claim, first: "no", last: "no" },
    ],
    [
      "a refusal after a challenge for which there was no token",
      { ...refused, posts: ["401 with claims"] },
      { ...claim, first: "no", last: "no", excuse: "no token" },
    ],
    ["that nothing was sent", { ...refused, posts: [] }, { ...claim, first: "no", last: "no", unsent: "ever" }],
    [
      "that the next try was not sent",
      { ...refused, posts: ["429 with retry-after"] },
      { ...claim, first: "no", last: "no", unsent: "last" },
    ],
    ["an abort that came between", account, { ...claim, first: "maybe", last: "maybe", excuse: "aborted" }],
  ])("believes %s", (_, held, told) => expect(judge(held, told)).toEqual([]));

  test.each<[string, Account, Claim]>([
    ["a success that was a failure", { ...account, truth: { ...truth, status: "Failed", code: "X" } }, claim],
    ["a success before its time", account, { ...claim, at: 900 }],
    ["a success of what never began", { ...refused }, claim],
    [
      "a failure with another code",
      { ...account, truth: { ...truth, status: "Failed", code: "X" } },
      { ...claim, last: "failed", code: "Y" },
    ],
    ["a failure that runs", { ...account, truth: { status: "InProgress" } }, { ...claim, last: "failed" }],
    ["that nothing was touched, when it was", { ...account, posts: ["400"] }, { ...claim, first: "no", last: "no" }],
    ["a doubt where the service was clear", account, { ...claim, first: "maybe", last: "maybe" }],
    ["an acceptance without an end", account, { ...claim, last: "yes" }],
    ["a POST repeated after a 500", { ...account, posts: ["500", "plain"] }, claim],
    [
      "a POST repeated after two challenges",
      { ...account, posts: ["401 with claims", "401 with claims", "plain"] },
      claim,
    ],
    [
      "a doubt where the service was clear, for want of an answer",
      account,
      { ...claim, first: "maybe", last: "maybe", excuse: "no answer" },
    ],
    [
      "a doubt after a 429",
      { ...account, posts: ["429 with retry-after"], taken: 0 },
      { ...claim, first: "maybe", last: "maybe" },
    ],
    ["a VM reimaged twice", { ...account, taken: 2 }, claim],
    [
      "a refusal at the first challenge",
      { ...refused, posts: ["401 with claims"] },
      { ...claim, first: "no", last: "no" },
    ],
    [
      "a refusal when throttled for the second time",
      { ...refused, posts: ["429 with retry-after", "429 with retry-after"] },
      { ...claim, first: "no", last: "no" },
    ],
    ["that nothing was sent, when it was", refused, { ...claim, first: "no", last: "no", unsent: "last" }],
    [
      "that nothing was ever sent, when a first try was",
      { ...refused, posts: ["429 with retry-after"] },
      { ...claim, first: "no", last: "no", unsent: "ever" },
    ],
    [
      "that nothing was touched, whatever came between",
      account,
      { ...claim, first: "no", last: "no", excuse: "aborted" },
    ],
  ])("does not believe %s", (_, held, told) => expect(judge(held, told)).not.toEqual([]));
});

describe("the log", () => {
  const secrets = {
    password: passwordOf("1"),
    customData: customDataOf("1"),
    "customData, read": atob(customDataOf("1")),
    token: tokenOf("1"),
    "URL of a status": "https://h/o?p=1&c=MIIabc",
  };
  const halves = (secret: string) => [secret, secret.slice(secret.length >> 1), secret.slice(0, secret.length >> 1)];

  test.each(Object.entries(secrets))("shows a %s, in any form, and what is left of one", (name, secret) => {
    for (const [form, write] of Object.entries(forms)) {
      for (const text of name.startsWith("URL") ? [secret] : halves(secret)) {
        const log = captureLog();
        log.add({ deep: { down: [write(text)] } });
        log.addError(new Error("x", { cause: new Error(write(text)) }));
        log.addObject({ hidden: Object.defineProperty({}, "it", { value: write(text) }) });
        expect([form, text, log.leaks.length >= 3]).toEqual([form, text, true]);
      }
    }
  });

  test("shows a signature that stands alone, and an object that hangs on an error", () => {
    const saved = `{"statusUrl":"https://h/o?p=1&c=a&s=dGhlLXNpZ25hdHVyZQ&h=b"}`;
    const log = captureLog();
    log.addError(new Error("It was dGhlLXNpZ25hdHVyZQ."), signaturesSavedIn(saved).slice(1, 2));
    log.addError(Object.assign(new Error("x"), { request: new Headers() }));
    expect(log.leaks).toEqual(["a signature alone shows in an error", "a Headers hangs on Error"]);
  });

  test("shows in a resume state what may not be there, and knows what may", () => {
    const log = captureLog();
    log.addSaved(`{"statusUrl":"https://h/o?s=1"}`);
    expect(log.leaks).toEqual([]);
    log.addSaved(`{"statusUrl":"https://h/o?s=${tokenOf("1")}"}`);
    expect(log.leaks).toEqual(["a token shows in a resume state"]);
  });

  test("hears the console, until it is told to stop", () => {
    const own = console.warn;
    const log = captureLog();
    const stop = log.listen();
    console.warn("it was", { token: tokenOf("1") });
    stop();
    expect(log.leaks).toEqual(["a token shows in the console", "something was printed by console.warn"]);
    expect(console.warn).toBe(own);
  });
});
