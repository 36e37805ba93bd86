// The judge and the log, before they are relied upon: they see what is false, and what shows.
import { describe, expect, test } from "vitest";
import { captureLog } from "./captured-log.js";
import { type Account, type Claim, judge } from "./judge.js";
import { customDataOf, passwordOf, secretsSavedIn, tokenOf } from "./secrets.js";

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
  ])("does not believe %s", (_, held, told) => expect(judge(held, told)).not.toEqual([]));
});

test("the log shows each secret that stands in it, however it is written", () => {
  const secrets = [
    passwordOf("1"),
    customDataOf("1"),
    atob(customDataOf("1")),
    tokenOf("1"),
    "https://h/o?p=1&c=MIIabc",
  ];
  const forms = [(it: string) => it, (it: string) => JSON.stringify(it), encodeURIComponent];
  for (const secret of secrets) {
    for (const form of forms.slice(0, secret.startsWith("https") ? 2 : 3)) {
      for (const place of [{ deep: { down: [form(secret)] } }, new Error("x", { cause: new Error(form(secret)) })]) {
        const log = captureLog();
        if (place instanceof Error) log.addError(place);
        else log.add(place);
        expect([secret, log.leaks.length]).toEqual([secret, 1]);
      }
    }
  }
  expect(secretsSavedIn(`{"statusUrl":"https://h/o?s=1"}`)).toEqual([]);
  expect(secretsSavedIn(`{"statusUrl":"https://h/o?s=${tokenOf("1")}"}`)).toEqual(["token"]);
});
