/** S8: the body is what the reference page allows, it is checked before it is sent, and what is checked is what is sent. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { BeginOptions, InvalidInputError, ReimageParameters } from "../../src/index.js";
import { closeAll, startArm, status } from "../harness/index.js";
import { clientFor, ENDPOINT, failure, inProcess, say, untyped, vm } from "./support-s.js";
import { everythingIn } from "./support-s-secrets.js";

afterEach(closeAll);

/** What is sent for these parameters: the body as text, or the paths of what is refused. */
async function sent(parameters: unknown, options: BeginOptions = {}): Promise<string | readonly string[]> {
  const service = inProcess(say(200));
  const client = clientFor({ url: ENDPOINT }, service);
  try {
    await client.beginReimage(vm, untyped(parameters), options);
  } catch (thrown) {
    const error = thrown as InvalidInputError;
    expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
    expect(service.calls).toEqual([]);
    return [...new Set(error.issues.map(({ path }) => path))].sort();
  }
  expect(service.calls).toHaveLength(1);
  return service.calls[0]?.body ?? "";
}
const password = (adminPassword: unknown) => ({ osProfile: { adminPassword } });
const data = (customData: unknown) => ({ osProfile: { customData } });

describe("S8: what is sent", () => {
  test.each([
    [undefined, ""],
    [{}, "{}"],
    [{ tempDisk: undefined }, "{}"],
    [{ tempDisk: false }, '{"tempDisk":false}'],
    [{ tempDisk: true, exactVersion: undefined, osProfile: undefined }, '{"tempDisk":true}'],
    [{ osProfile: {} }, '{"osProfile":{}}'],
    [{ osProfile: { adminPassword: undefined, customData: undefined } }, '{"osProfile":{}}'],
    [{ exactVersion: "" }, '{"exactVersion":""}'],
    [{ exactVersion: "aaaaaa" }, '{"exactVersion":"aaaaaa"}'],
    [{ osProfile: { customData: "" } }, '{"osProfile":{"customData":""}}'],
  ])("S8: %j is sent as %j: nothing that was not set", async (parameters, body) => {
    expect(await sent(parameters)).toBe(body);
  });

  test("S8: on a real socket, no body is no body: no bytes, no content type", async () => {
    const arm = await startArm();
    arm.onPost(status(200), status(200), status(200));
    const client = clientFor(arm);
    await client.reimage(vm);
    await client.reimage(vm, undefined, {});
    await client.reimage(vm, { tempDisk: true });
    const [none, undefinedOne, some] = arm.posts;
    for (const post of [none, undefinedOne]) {
      expect(post?.body).toBe("");
      expect(post?.headers["content-type"]).toBeUndefined();
      expect(post?.headers["content-length"] ?? "0").toBe("0");
      expect(post?.headers["transfer-encoding"]).toBeUndefined();
    }
    expect(some?.headers["content-type"]).toMatch(/^application\/json\b/);
    expect(some?.body).toBe('{"tempDisk":true}');
    expect(some?.headers["content-length"]).toBe("17");
  });

  test("S8: the page's example is sent as it is, in UTF-8", async () => {
    const arm = await startArm();
    arm.onPost(status(200));
    const parameters = {
      tempDisk: true,
      exactVersion: "aaaaaa",
      osProfile: { adminPassword: "Pä55wort-😀", customData: "I2Nsb3VkLWNvbmZpZwo=" },
    };
    await clientFor(arm).reimage(vm, parameters);
    expect(JSON.parse(arm.posts[0]?.body ?? "")).toEqual(parameters);
  });

  test("S8: frozen input works, and no input is changed", async () => {
    const parameters: ReimageParameters = Object.freeze({
      tempDisk: true,
      exactVersion: "1.0",
      osProfile: Object.freeze({ adminPassword: "Str0ng-enough", customData: "AAAA" }),
    });
    const options: BeginOptions = Object.freeze({
      headers: Object.freeze({ "X-Mine": "1" }),
      osType: "Linux" as const,
    });
    const before = JSON.stringify([parameters, options, vm]);
    expect(await sent(parameters, options)).toBe(JSON.stringify(parameters));
    expect(JSON.stringify([parameters, options, vm])).toBe(before);
    const thawed = structuredClone(parameters);
    await sent(thawed);
    expect(thawed).toEqual(parameters);
  });

  test("S8: what the caller changes after the call is not what is sent", async () => {
    const parameters = { tempDisk: true, osProfile: { adminPassword: "Str0ng-enough" } };
    const service = inProcess(say(200));
    const running = clientFor({ url: ENDPOINT }, service).reimage(vm, parameters, {
      beforeSend: () => {
        parameters.osProfile.adminPassword = "changed";
      },
    });
    parameters.tempDisk = false;
    await running;
    expect(JSON.parse(service.calls[0]?.body ?? "")).toEqual({
      tempDisk: true,
      osProfile: { adminPassword: "Str0ng-enough" },
    });
  });
});

describe("S8: the types", () => {
  const bad: readonly (readonly [string, unknown, readonly string[]])[] = [
    ["null", null, [""]],
    ["a string", "tempDisk", [""]],
    ["a number", 1, [""]],
    ["true", true, [""]],
    ["a list", [], [""]],
    ["a list of parameters", [{ tempDisk: true }], [""]],
    ["a date", new Date(0), [""]],
    ["tempDisk as text", { tempDisk: "true" }, ["tempDisk"]],
    ["tempDisk as a number", { tempDisk: 1 }, ["tempDisk"]],
    ["tempDisk null", { tempDisk: null }, ["tempDisk"]],
    ["exactVersion as a number", { exactVersion: 1 }, ["exactVersion"]],
    ["exactVersion null", { exactVersion: null }, ["exactVersion"]],
    ["exactVersion as a list", { exactVersion: ["1"] }, ["exactVersion"]],
    ["osProfile null", { osProfile: null }, ["osProfile"]],
    ["osProfile as a list", { osProfile: [] }, ["osProfile"]],
    ["osProfile as text", { osProfile: "x" }, ["osProfile"]],
    ["adminPassword null", password(null), ["osProfile.adminPassword"]],
    ["adminPassword as a number", password(12_345_678), ["osProfile.adminPassword"]],
    ["adminPassword as an object", password({}), ["osProfile.adminPassword"]],
    ["customData null", data(null), ["osProfile.customData"]],
    ["customData as bytes", data(new Uint8Array([1, 2, 3])), ["osProfile.customData"]],
    ["a property that is not known", { tempdisk: true }, ["tempdisk"]],
    ["one of the profile that is not known", { osProfile: { AdminPassword: "x" } }, ["osProfile.AdminPassword"]],
    ["a property of every object", { constructor: 1 }, ["constructor"]],
    ["two things at once", { tempDisk: 0, exactVersion: 0 }, ["exactVersion", "tempDisk"]],
  ];
  test.each(bad)("S8: %s is refused, by its path", async (_, parameters, paths) => {
    expect(await sent(parameters)).toEqual(paths);
  });

  test("S8: what is no JSON is refused", async () => {
    const circle: Record<string, unknown> = {};
    circle.osProfile = circle;
    for (const parameters of [circle, { exactVersion: 1n }, () => ({}), Symbol("x")]) {
      expect(Array.isArray(await sent(parameters))).toBe(true);
    }
  });

  test("S8: a __proto__ that JSON.parse made is a property like any other, and refused", async () => {
    expect(await sent(JSON.parse('{"__proto__":{"tempDisk":true}}'))).toEqual(["__proto__"]);
    expect(await sent(JSON.parse('{"osProfile":{"__proto__":{"adminPassword":"x"}}}'))).toEqual([
      "osProfile.__proto__",
    ]);
    expect(({} as { tempDisk?: unknown }).tempDisk).toBeUndefined();
  });

  test("S8: what is inherited is not sent, and not checked", async () => {
    const inherited = Object.create(
      { tempDisk: "nonsense", osProfile: 7 },
      { exactVersion: { value: "1", enumerable: true } },
    );
    expect(await sent(inherited)).toBe('{"exactVersion":"1"}');
    expect(await sent(Object.create(null, { tempDisk: { value: true, enumerable: true } }))).toBe('{"tempDisk":true}');
  });

  test("S8: a getter that shows one value to the check and another to the wire is read once", async () => {
    for (const later of ["tiny", 7, undefined, { toJSON: () => "tiny" }]) {
      let reads = 0;
      const osProfile = {
        get adminPassword() {
          return reads++ === 0 ? "Str0ng-enough" : later;
        },
      };
      expect(await sent({ osProfile })).toBe('{"osProfile":{"adminPassword":"Str0ng-enough"}}');
    }
  });

  test("S8: with toJSON, what it gives is checked, and is what is sent", async () => {
    let calls = 0;
    const good = { toJSON: () => ({ tempDisk: calls++ === 0 }), tempDisk: "nonsense" };
    expect(await sent(good)).toBe('{"tempDisk":true}');
    expect(await sent({ toJSON: () => ({ tempDisk: "nonsense" }), tempDisk: true })).toEqual(["tempDisk"]);
    expect(await sent({ osProfile: { adminPassword: { toJSON: () => "Str0ng-enough" } } })).toBe(
      '{"osProfile":{"adminPassword":"Str0ng-enough"}}',
    );
  });

  test("S8: what JSON would leave out is refused: a function that was not called is no reason to wipe without a password", async () => {
    const forgotten = [() => "Str0ng-enough", Symbol("Str0ng-enough")];
    for (const value of forgotten)
      for (const parameters of [
        { osProfile: { adminPassword: value } },
        { osProfile: value },
        { tempDisk: value },
        value,
      ])
        for (const validate of [true, false]) expect(await sent(parameters, { validate })).toEqual([""]);
  });

  test("S8: a toJSON or a getter that throws is refused input, and what it threw is not quoted", async () => {
    const throwing = () => {
      throw new Error("leaks-here");
    };
    for (const parameters of [
      { toJSON: throwing },
      Object.defineProperty({}, "tempDisk", { get: throwing, enumerable: true }),
    ]) {
      const error = await failure(clientFor({ url: ENDPOINT }, inProcess()).reimage(vm, parameters));
      expect(error.name).toBe("InvalidInputError");
      expect(everythingIn(error).text).not.toContain("leaks-here");
    }
  });
});

const DISALLOWED = [
  "abc@123",
  "P@$$w0rd",
  "P@ssw0rd",
  "P@ssword123",
  "Pa$$word",
  "pass@word1",
  "Password!",
  "Password1",
  "Password22",
  "iloveyou!",
];
const classes = (text: string): number =>
  [/[a-z]/, /[A-Z]/, /[0-9]/, /[\W_]/].filter((pattern) => pattern.test(text)).length;
/** The page's text once more, for ASCII. */
const rule = {
  Windows: (text: string) => text.length >= 8 && text.length <= 123 && classes(text) >= 3 && !DISALLOWED.includes(text),
  Linux: (text: string) => text.length >= 6 && text.length <= 72 && classes(text) >= 3 && !DISALLOWED.includes(text),
};

describe("S8: adminPassword", () => {
  const long = (length: number): string => "aB1".padEnd(length, "x");
  const table: readonly (readonly [string, string, boolean, boolean])[] = [
    ["5 characters", "aB1xx", false, false],
    ["6 characters", long(6), false, true],
    ["7 characters", long(7), false, true],
    ["8 characters", long(8), true, true],
    ["72 characters", long(72), true, true],
    ["73 characters", long(73), true, false],
    ["123 characters", long(123), true, false],
    ["124 characters", long(124), false, false],
    ["lower and upper case alone", "abcdefGHIJ", false, false],
    ["lower case and digits alone", "abcdef1234", false, false],
    ["upper case and digits alone", "ABCDEF1234", false, false],
    ["lower case and signs alone", "abcdef-_!?", false, false],
    ["digits and signs alone", "1234567-_!", false, false],
    ["one class", "abcdefghij", false, false],
    ["lower, upper, digit", "abcDEF123", true, true],
    ["lower, upper, sign", "abcDEF!?.", true, true],
    ["lower, digit, sign", "abc123!?.", true, true],
    ["upper, digit, sign", "ABC123!?.", true, true],
    ["all four", "abcD12!?.", true, true],
    ["an underscore as its sign", "abcdef1_", true, true],
    ["a blank as its sign", "abcdef1 x", true, true],
    ["a line break as its sign", "abcdef1\nx", true, true],
    ["the classes behind a line break", "\n\naB3xxxx", true, true],
    ["the page's placeholder", "{your-password}", false, false],
    ["nothing", "", false, false],
    ["one that only begins like a disallowed one", "Password1x", true, true],
    ["one that is a disallowed one in other case", "PASSWORD!a", true, true],
    ...DISALLOWED.map((word) => [`the disallowed ${word}`, word, false, false] as const),
  ];
  test.each(table)("S8: %s", async (_, text, windows, linux) => {
    expect([rule.Windows(text), rule.Linux(text)]).toEqual([windows, linux]);
    const taken = JSON.stringify(password(text));
    const refused = ["osProfile.adminPassword"];
    expect(await sent(password(text), { osType: "Windows" })).toEqual(windows ? taken : refused);
    expect(await sent(password(text), { osType: "Linux" })).toEqual(linux ? taken : refused);
    expect(await sent(password(text))).toEqual(windows || linux ? taken : refused);
  });

  test("S8: by random words of ASCII, exactly what the page's text allows passes", async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 130 }),
      fc.string({ maxLength: 16, unit: fc.constantFrom(..."abAB01!_") }),
      fc.constantFrom(...DISALLOWED),
      fc.constantFrom(...DISALLOWED).map((one) => `${one}a`),
    );
    await fc.assert(
      fc.asyncProperty(word, fc.constantFrom("Windows", "Linux", undefined), async (text, osType) => {
        const fits = osType ? rule[osType](text) : rule.Windows(text) || rule.Linux(text);
        const told = await sent(password(text), osType ? { osType } : {});
        expect(typeof told === "string").toBe(fits);
      }),
      { numRuns: 300 },
    );
  });

  test("S8: an operating system that is not known is refused, also by the names that every object has", async () => {
    for (const osType of ["windows", "macOS", "constructor", "__proto__", "", null, ["Linux"]]) {
      expect(await sent(password("Str0ng-enough"), { osType: osType as "Linux" })).toEqual(["osType"]);
    }
  });
});

describe("S8: customData", () => {
  const bytes = (length: number): string => Buffer.alloc(length, 0xa5).toString("base64");
  test.each([
    ["nothing", "", true],
    ["one byte", bytes(1), true],
    ["two bytes", bytes(2), true],
    ["three bytes", bytes(3), true],
    ["65535 bytes", bytes(65_535), true],
    ["65536 bytes", bytes(65_536), false],
    ["65537 bytes", bytes(65_537), false],
    ["100000 bytes", bytes(100_000), false],
    ["no base64", "#cloud-config", false],
    ["the page's placeholder", "{your-custom-data}", false],
    ["base64 without its padding", "YQ", false],
    ["too much padding", "YQ===", false],
    ["padding in the middle", "YQ==YQ==", false],
    ["padding alone", "====", false],
    ["base64url", "-_-_", false],
    ["a line break in it", "QUJD\nREVG", false],
    ["a line break behind it", "QUJD\n", false],
    ["a blank in it", "QUJD REVG", false],
    ["a length that no base64 has", "QUJDR", false],
    ["an umlaut", "QUJÄ", false],
  ])("S8: %s", async (_, text, fits) => {
    expect(await sent(data(text))).toEqual(fits ? JSON.stringify(data(text)) : ["osProfile.customData"]);
  });

  test("S8: whatever base64 the runtime makes of up to 65535 bytes passes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        const text = Buffer.from(content).toString("base64");
        expect(await sent(data(text))).toBe(JSON.stringify(data(text)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("S8: validate: false", () => {
  test.each([
    [{ tempDisk: "yes" }],
    [{ somethingNew: { a: [1, null] } }],
    [password("tiny")],
    [data("#cloud-config")],
    [{ osProfile: { secureBoot: true } }],
  ])("S8: sends %j as it is", async (parameters) => {
    expect(await sent(parameters, { validate: false })).toBe(JSON.stringify(parameters));
  });

  test("S8: turns off the check of the body alone: names, headers and limits are checked", async () => {
    const client = clientFor({ url: ENDPOINT }, inProcess());
    const off = { validate: false };
    const bad: readonly (() => Promise<unknown>)[] = [
      () => client.reimage({ ...vm, vmName: "a/b" }, { tempDisk: true }, off),
      () => client.reimage({ ...vm, resourceGroupName: ".." }, undefined, off),
      () => client.reimage({ ...vm, subscriptionId: "x" }, undefined, off),
      () => client.reimage(vm, undefined, { ...off, headers: { Authorization: "x" } }),
      () => client.reimage(vm, undefined, { ...off, timeoutMs: -1 }),
    ];
    for (const run of bad) expect(await failure(run)).toMatchObject({ name: "InvalidInputError", started: "no" });
  });

  test("S8: only false turns it off", async () => {
    for (const validate of [undefined, true]) {
      const options = validate === undefined ? {} : { validate };
      expect(await sent(password("tiny"), options)).toEqual(["osProfile.adminPassword"]);
    }
  });

  test("S8: what is no JSON cannot be sent either way", async () => {
    expect(Array.isArray(await sent({ exactVersion: 1n }, { validate: false }))).toBe(true);
  });
});

test("S8: an error names the path and the rule, never the value, whatever is wrong with it", async () => {
  const words = fc.string({ minLength: 6, maxLength: 12, unit: fc.constantFrom(..."qxzQXZ!789") });
  await fc.assert(
    fc.asyncProperty(words, fc.nat(4), async (value, which) => {
      const wrong = [
        password(`${value}é`.slice(0, 5)),
        data(`${value}!`),
        { tempDisk: value },
        { osProfile: value },
        { exactVersion: [value] },
      ];
      const client = clientFor({ url: ENDPOINT }, inProcess());
      const error = await failure(client.reimage(vm, untyped(wrong[which])));
      expect(error.name).toBe("InvalidInputError");
      expect(everythingIn(error).text).not.toContain(which === 0 ? value.slice(0, 5) : value);
    }),
    { numRuns: 150 },
  );
});
