/** S7: names exactly as the rule has them, checked before a URL is built; and the URL is the one that was meant. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { virtualMachinesReimage } from "../../generated/client.js";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import {
  formatVirtualMachineId,
  InvalidInputError,
  parseVirtualMachineId,
  type VirtualMachine,
  type VirtualMachineId,
} from "../../src/index.js";
import { clientFor, ENDPOINT, failure, inProcess, reasonOf, type Say, say, vm } from "./support-s.js";

const { apiVersion } = virtualMachinesReimageOperation;

const ok: Say = say(200);

/** The rule's text once more, character by character, sharing nothing with the contract's patterns. */
const rule: Readonly<Record<keyof VirtualMachineId, (name: string) => boolean>> = {
  subscriptionId: (name) => {
    const groups = name.split("-");
    const lengths = [8, 4, 4, 4, 12];
    return (
      groups.length === 5 &&
      groups.every(
        (group, n) =>
          group.length === lengths[n] && [...group].every((char) => "0123456789abcdefABCDEF".includes(char)),
      )
    );
  },
  resourceGroupName: (name) => {
    const chars = [...name];
    const fits = (char: string) => "_-.()".includes(char) || /^\p{L}$/u.test(char) || /^\p{Nd}$/u.test(char);
    return chars.length >= 1 && chars.length <= 90 && chars.every(fits) && chars.at(-1) !== ".";
  },
  vmName: (name) => {
    const chars = [...name];
    const forbidden = '\\/"[]:|<>+=;,?*@&#%';
    const fits = (char: string) => {
      const code = char.codePointAt(0) ?? 0;
      const control = code < 32 || (code > 126 && code < 160);
      const surrogate = code >= 0xd800 && code <= 0xdfff;
      return !forbidden.includes(char) && !control && !surrogate && char.trim() !== "";
    };
    const [first = "", last = ""] = [chars[0], chars.at(-1)];
    return (
      chars.length >= 1 && chars.length <= 64 && chars.every(fits) && !"_.".includes(first) && !".-".includes(last)
    );
  },
};

const names = Object.keys(rule) as (keyof VirtualMachineId)[];

/** Asks by every way that takes names; tells whether all let it pass, and refuses a difference between them. */
async function passes(candidate: VirtualMachineId): Promise<boolean> {
  const service = inProcess(ok);
  const client = clientFor({ url: ENDPOINT }, service);
  const begun = await client.beginReimage(candidate).then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(InvalidInputError);
      return false;
    },
  );
  expect(service.calls).toHaveLength(begun ? 1 : 0);
  let formatted = true;
  try {
    formatVirtualMachineId(candidate);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    formatted = false;
  }
  expect(formatted).toBe(begun);
  return begun;
}

describe("S7: by table", () => {
  const good: Readonly<Record<keyof VirtualMachineId, readonly string[]>> = {
    subscriptionId: [
      "00000000-0000-0000-0000-000000000000",
      "6C8E9A1E-ABCD-4EF0-8000-00000000000F",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
    resourceGroupName: [
      "a",
      "0",
      "_",
      "-",
      "(",
      ")",
      "..a",
      ".a",
      "a.b",
      "(a)",
      "a-",
      "-_-",
      "grüße",
      "группа",
      "资源组",
      "リソース",
      "مجموعة",
      "٣",
      "a".repeat(90),
      "é",
      "𝒜𠀀",
      "𠀀".repeat(90),
      "constructor",
      "__proto__",
    ],
    vmName: [
      "a",
      "0",
      "A-b_c.d",
      "vm_",
      "-vm",
      "(vm)",
      "vm's",
      "vm~1!$^`{}",
      "a".repeat(64),
      "машина",
      "虚拟机",
      "é",
      "😀",
      "𠀀".repeat(64),
      "constructor",
      "a__proto__",
    ],
  };
  const bad: Readonly<Record<keyof VirtualMachineId, readonly string[]>> = {
    subscriptionId: [
      "",
      "sub",
      "00000000-0000-0000-0000-00000000000",
      "00000000-0000-0000-0000-0000000000000",
      "g0000000-0000-0000-0000-000000000000",
      "00000000000000000000000000000000",
      "{00000000-0000-0000-0000-000000000000}",
      " 00000000-0000-0000-0000-000000000000",
      "00000000-0000-0000-0000-000000000000\n",
      "00000000-0000-0000-0000-000000000000/..",
      "00000000-0000-0000-0000-0000000000٣0",
      "00000000–0000–0000–0000–000000000000",
      "..",
      ".",
    ],
    resourceGroupName: [
      "",
      ".",
      "..",
      "...",
      "a.",
      "a b",
      " a",
      "a ",
      "a\n",
      "a\t",
      "a/b",
      "a\\b",
      "a%2fb",
      "a%",
      "a?",
      "a#",
      "a&b",
      "a+b",
      "a:b",
      "a@b",
      "a,b",
      "a;b",
      "a=b",
      "a*",
      "a'b",
      "a!",
      "a~",
      "a|",
      "½",
      "Ⅷ",
      "²",
      "e\u0301",
      "😀",
      "a\u200b",
      "a\u0000",
      "\ud800",
      "a\udc00b",
      "a".repeat(91),
      "𠀀".repeat(91),
    ],
    vmName: [
      "",
      ".",
      "..",
      "a.",
      "a-",
      ".a",
      "_a",
      "-",
      "_",
      "a b",
      " a",
      "a ",
      "a\u00a0",
      "a\u2003b",
      "a\u3000b",
      "a\u2028b",
      "a\n",
      "\ta",
      "a\u0000b",
      "a\u001fb",
      "a\u007fb",
      "a\u0085b",
      "a\u009fb",
      "\ud800",
      "\udfffa",
      "a\ud83db",
      "a".repeat(65),
      "𠀀".repeat(65),
      ...'\\/"[]:|<>+=;,?*@&#%'.split("").flatMap((char) => [char, `${char}a`, `a${char}a`, `a${char}`]),
      "a/../b",
      "%2e%2e",
      "a%00",
      "a?api-version=2015-06-15",
    ],
  };

  for (const name of names) {
    test.each(good[name])(`S7: ${name} %j is taken`, async (value) => {
      expect(rule[name](value)).toBe(true);
      expect(await passes({ ...vm, [name]: value })).toBe(true);
    });
    test.each(bad[name])(`S7: ${name} %j is refused`, async (value) => {
      expect(rule[name](value)).toBe(false);
      expect(await passes({ ...vm, [name]: value })).toBe(false);
    });
    test(`S7: the refusal of ${name} names it and its rule, not the value`, async () => {
      const error = await failure(
        clientFor({ url: ENDPOINT }, inProcess()).reimage({ ...vm, [name]: "quoted?value." }),
      );
      expect(error).toMatchObject({ name: "InvalidInputError", started: "no", issues: [{ path: name }] });
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("quoted");
    });
  }

  test("S7: all that is wrong is told at once", async () => {
    const error = await failure(
      clientFor({ url: ENDPOINT }, inProcess()).reimage({ subscriptionId: "", resourceGroupName: "", vmName: "" }),
    );
    expect((error as InvalidInputError).issues.map(({ path }) => path).sort()).toEqual([...names].sort());
  });
});

describe("S7: by properties", () => {
  const spicy = fc.constantFrom(
    ..."abzAZ09_-.()/\\%?#&+=:;,*@|<>[]\"' \n\t\u0000\u007f\u0085\u00a0é½٣Ⅷ𠀀😀\ud800\udc00\u200b\u2028",
  );
  const text = (max: number) =>
    fc.oneof(
      fc.string({ maxLength: max, unit: spicy }),
      fc.string({ maxLength: max, unit: "binary" }),
      fc.string({ maxLength: max, unit: fc.constantFrom(..."abcXYZ019-_.()é٣资") }),
    );
  // U+FEFF is white space to JavaScript and none to Unicode, so the rule's "white space" may be read either way.
  const clear = (value: string) => !value.includes("\ufeff");

  test("S7: a resource group name passes if and only if the rule's text lets it", async () => {
    await fc.assert(
      fc.asyncProperty(text(95), async (resourceGroupName) => {
        fc.pre(clear(resourceGroupName));
        expect(await passes({ ...vm, resourceGroupName })).toBe(rule.resourceGroupName(resourceGroupName));
      }),
      { numRuns: 500 },
    );
  });

  test("S7: a VM name passes if and only if the rule's text lets it", async () => {
    await fc.assert(
      fc.asyncProperty(text(70), async (vmName) => {
        fc.pre(clear(vmName));
        expect(await passes({ ...vm, vmName })).toBe(rule.vmName(vmName));
      }),
      { numRuns: 500 },
    );
  });

  test("S7: a subscription id passes if and only if it is a UUID", async () => {
    const nearly = fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.tuple(fc.uuid(), fc.nat(35), spicy).map(([id, at, char]) => id.slice(0, at) + char + id.slice(at + 1)),
      text(40),
    );
    await fc.assert(
      fc.asyncProperty(nearly, async (subscriptionId) => {
        expect(await passes({ ...vm, subscriptionId })).toBe(rule.subscriptionId(subscriptionId));
      }),
      { numRuns: 300 },
    );
  });

  const fitting = fc.record({
    subscriptionId: fc.uuid(),
    resourceGroupName: text(90).filter((name) => rule.resourceGroupName(name) && clear(name)),
    vmName: text(64).filter((name) => rule.vmName(name) && clear(name)),
  });

  test("S7: the URL of the POST is the one that was meant: each name one segment, nothing added, nothing lost", async () => {
    await fc.assert(
      fc.asyncProperty(fitting, async (machine) => {
        const service = inProcess(ok);
        await clientFor({ url: `${ENDPOINT}/pre/fix` }, service).beginReimage(machine);
        const { url = "" } = service.calls[0] ?? {};
        const { pathname, search, origin, hash } = new URL(url);
        const segments = pathname.split("/").map(decodeURIComponent);
        expect([origin, search, hash]).toEqual([ENDPOINT, `?api-version=${apiVersion}`, ""]);
        expect(segments).toEqual([
          "",
          "pre",
          "fix",
          "subscriptions",
          machine.subscriptionId,
          "resourceGroups",
          machine.resourceGroupName,
          "providers",
          "Microsoft.Compute",
          "virtualMachines",
          machine.vmName,
          "reimage",
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test("S7: an id and its names are the same machine, there and back", async () => {
    await fc.assert(
      fc.asyncProperty(fitting, async (machine) => {
        const id = formatVirtualMachineId(machine);
        expect(id.split("/")).toHaveLength(9);
        expect(parseVirtualMachineId(id)).toEqual(machine);
        const [one, two] = [inProcess(ok), inProcess(ok)];
        await clientFor({ url: ENDPOINT }, one).beginReimage(id);
        await clientFor({ url: ENDPOINT }, two).beginReimage(machine);
        expect(one.calls[0]?.url).toBe(two.calls[0]?.url);
      }),
      { numRuns: 100 },
    );
  });
});

describe("S7: typeof first", () => {
  let looked = 0;
  const chameleon = (text: string) => ({
    toString: () => {
      looked += 1;
      return text;
    },
    [Symbol.toPrimitive]: () => {
      looked += 1;
      return text;
    },
    length: text.length,
    [Symbol.iterator]: () => text[Symbol.iterator](),
  });
  const disguised: readonly (readonly [string, (text: string) => unknown])[] = [
    ["an object that turns into it", chameleon],
    ["a String object", (text) => new String(text)],
    ["a list with it", (text) => [text]],
    ["its characters", (text) => [...text]],
    ["a URL object", (text) => new URL(text, "https://x.example")],
    ["a function", (text) => () => text],
    ["a symbol", (text) => Symbol(text)],
    ["a number", () => 42],
    ["a bigint", () => 42n],
    ["true", () => true],
    ["null", () => null],
    ["undefined", () => undefined],
    ["a date", () => new Date()],
  ];
  for (const name of names) {
    test.each(disguised)(`S7: ${name} as %s is refused, unlooked at`, async (_, disguise) => {
      looked = 0;
      const candidate = { ...vm, [name]: disguise(vm[name]) } as unknown as VirtualMachineId;
      expect(await passes(candidate)).toBe(false);
      expect(looked).toBe(0);
    });
  }

  const nobody: readonly unknown[] = [
    undefined,
    null,
    0,
    42,
    true,
    [],
    [vm],
    {},
    () => vm,
    Symbol("vm"),
    new String("/subscriptions/x"),
    "",
  ];
  test("S7: what is neither an id nor three names is refused", async () => {
    for (const machine of nobody) {
      const service = inProcess(ok);
      const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(machine as VirtualMachine));
      expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
      expect(service.calls).toEqual([]);
      expect(await reasonOf(() => parseVirtualMachineId(machine as string))).toBeInstanceOf(InvalidInputError);
      expect(await reasonOf(() => formatVirtualMachineId(machine as VirtualMachineId))).toBeInstanceOf(
        InvalidInputError,
      );
    }
  });

  test("S7: a name that shows one value to the check and another to the URL is read once", async () => {
    for (const name of names) {
      for (const later of ["../../../../evil", "other-vm", 7]) {
        let reads = 0;
        const changing = Object.defineProperty({ ...vm }, name, {
          enumerable: true,
          get: () => (reads++ === 0 ? vm[name] : later),
        }) as VirtualMachineId;
        const service = inProcess(ok);
        await clientFor({ url: ENDPOINT }, service)
          .reimage(changing)
          .catch(() => {});
        for (const { url } of service.calls) expect(new URL(url).pathname).toContain(vm[name]);
      }
    }
  });

  test("S7: what the caller does to the object afterwards changes nothing", async () => {
    const machine = { ...vm, vmName: "meant" };
    const service = inProcess(ok);
    const running = clientFor({ url: ENDPOINT }, service).reimage(machine, undefined, {
      beforeSend: () => {
        machine.vmName = "another";
      },
    });
    machine.vmName = "yet-another";
    await running;
    expect(service.calls[0]?.url).toContain("/virtualMachines/meant/reimage?");
  });

  test("S7: frozen names do, and more properties are no harm", async () => {
    const service = inProcess(ok);
    const machine = Object.freeze({ ...vm, location: "westus", id: "/subscriptions/other" });
    const operation = await clientFor({ url: ENDPOINT }, service).beginReimage(machine);
    expect(operation.vm).toEqual(vm);
  });
});

describe("S7: resource ids", () => {
  const id = `/subscriptions/${vm.subscriptionId}/resourceGroups/${vm.resourceGroupName}/providers/Microsoft.Compute/virtualMachines/${vm.vmName}`;

  test("S7: fixed segments compare without case, names keep theirs", () => {
    const shouted = id
      .replace("subscriptions", "SUBSCRIPTIONS")
      .replace("resourceGroups", "resourcegroups")
      .replace("virtualMachines", "VirtualMachines")
      .replace("vm-one", "Vm-One");
    expect(parseVirtualMachineId(shouted)).toEqual({ ...vm, vmName: "Vm-One" });
  });

  const bad: readonly (readonly [string, string])[] = [
    ["a slash behind it", `${id}/`],
    ["no slash before it", id.slice(1)],
    ["two slashes", id.replace("/resourceGroups", "//resourceGroups")],
    ["a segment more", `${id}/reimage`],
    ["an extension", `${id}/extensions/x`],
    ["a segment less", id.replace(/\/[^/]+$/, "")],
    ["another kind of resource", id.replace("virtualMachines", "disks")],
    ["a VM of a scale set", id.replace("virtualMachines", "virtualMachineScaleSets/s/virtualMachines")],
    ["another provider", id.replace("Microsoft.Compute", "Microsoft.ClassicCompute")],
    ["a host", `https://management.azure.com${id}`],
    ["a query", `${id}?api-version=2015-06-15`],
    ["a fragment", `${id}#x`],
    ["dot segments", id.replace("/virtualMachines", "/../virtualMachines")],
    ["an encoded slash", id.replace("rg-one", "rg%2Fone")],
    ["a backslash", id.replace("/virtualMachines", "\\virtualMachines")],
    ["a blank before it", ` ${id}`],
    ["a line break behind it", `${id}\n`],
    [
      "placeholders",
      "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}",
    ],
    ["nothing", ""],
  ];
  test.each(bad)("S7: with %s is refused, and nothing is sent", async (_, text) => {
    const service = inProcess(ok);
    const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(text));
    expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
    expect(service.calls).toEqual([]);
    expect(await reasonOf(() => parseVirtualMachineId(text))).toBeInstanceOf(InvalidInputError);
  });
});

describe("S7: a URL that would not be the one that was meant", () => {
  test.each(["?a=b", "/x?", "#here"])(
    "S7: for an endpoint that ends in %s is refused, and nothing is sent",
    async (end) => {
      const service = inProcess(ok);
      const call = virtualMachinesReimage(vm, { endpoint: ENDPOINT + end, fetch: service.fetch });
      await expect(call).rejects.toThrow(/^endpoint: /);
      expect(service.calls).toEqual([]);
    },
  );

  test("S7: an endpoint's own path is not filled in: it is sent as it stands", async () => {
    const service = inProcess(ok);
    await virtualMachinesReimage(vm, { endpoint: `${ENDPOINT}/{vmName}`, fetch: service.fetch });
    expect(new URL(service.calls[0]?.url ?? "").pathname).toMatch(/^\/%7BvmName%7D\/subscriptions\//);
  });
});
