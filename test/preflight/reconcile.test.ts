/** What two looks at a VM prove: only another OS disk proves anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Inspection, reconcile } from "../../src/preflight/index.js";
import { diskId, documentOf, lookAt, osDisk } from "./support.js";

const look = (more: Partial<Inspection> = {}): Inspection => ({
  oldOsDisk: "kept",
  ephemeral: false,
  osDiskId: diskId,
  location: "westus",
  ...more,
});

describe("two looks", () => {
  test("another OS disk proves that it happened, in both orders of the disks", () => {
    const other = look({ osDiskId: diskId.replace("OsDisk_1", "OsDisk_2") });
    expect([reconcile(look(), other), reconcile(other, look())]).toEqual(["happened", "happened"]);
  });

  test("the same OS disk proves nothing", () => {
    expect(reconcile(look(), look())).toBe("cannot tell");
    expect(reconcile(look(), look({ provisioningState: "Failed", location: "eastus" }))).toBe("cannot tell");
  });

  test("a look that was never made is an input error that names it, no TypeError", () => {
    const never = undefined as unknown as Inspection;
    expect(() => reconcile(never, look())).toThrow(/before: must be what inspect gave/);
    expect(() => reconcile(look(), never)).toThrow(/after: must be what inspect gave/);
  });

  test("an id that is missing or empty, on either side or both, proves nothing", () => {
    const { osDiskId: _, ...none } = look();
    for (const other of [none, look({ osDiskId: "" })]) {
      expect([reconcile(other, look()), reconcile(look(), other), reconcile(other, other)]).toEqual([
        "cannot tell",
        "cannot tell",
        "cannot tell",
      ]);
    }
  });

  test("an ephemeral OS disk proves nothing, whatever its ids are", () => {
    const other = look({ osDiskId: `${diskId}-2` });
    for (const [before, after] of [
      [true, true],
      [true, false],
      [false, true],
    ] as const)
      expect(reconcile({ ...look(), ephemeral: before }, { ...other, ephemeral: after })).toBe("cannot tell");
  });

  test("ids compare without case, as ARM's do", () => {
    const upper = look({ osDiskId: diskId.replace("resourceGroups", "resourcegroups").replace("rg-one", "RG-ONE") });
    expect(reconcile(look(), upper)).toBe("cannot tell");
    const [sharp, long] = [look({ osDiskId: "/rg-straße-ſ/d" }), look({ osDiskId: "/RG-STRASSE-S/D" })];
    expect([reconcile(sharp, long), reconcile(long, sharp)]).toEqual(["cannot tell", "cannot tell"]);
  });

  test("looks that went through JSON prove the same", async () => {
    const before = await lookAt(documentOf());
    const after = await lookAt(documentOf({ ...osDisk, managedDisk: { id: `${diskId}_2` } }));
    const saved = JSON.parse(JSON.stringify(before)) as Inspection;
    expect([reconcile(saved, after), reconcile(saved, before)]).toEqual(["happened", "cannot tell"]);
  });
});

describe("for any two looks", () => {
  const id = fc.stringMatching(/^[\w./()-]{1,80}$/);
  const looks: fc.Arbitrary<Inspection> = fc.record(
    {
      oldOsDisk: fc.constantFrom("kept", "deleted", "reset", "unknown"),
      ephemeral: fc.boolean(),
      osDiskId: fc.oneof(id, fc.constant(diskId)),
      location: fc.constant("westus"),
      provisioningState: fc.constantFrom("Succeeded", "Updating"),
    },
    { requiredKeys: ["oldOsDisk", "ephemeral", "location"] },
  );

  test("the order makes no difference, and a look never proves anything beside itself", () => {
    fc.assert(
      fc.property(looks, looks, (one, two) => {
        expect(reconcile(one, two)).toBe(reconcile(two, one));
        expect(reconcile(one, one)).toBe("cannot tell");
      }),
    );
  });

  test("it happened exactly when both have a disk that is not ephemeral, and the disks differ in more than case", () => {
    let happened = 0;
    fc.assert(
      fc.property(looks, looks, (one, two) => {
        const ids = [one, two].flatMap(({ ephemeral, osDiskId }) => (ephemeral || !osDiskId ? [] : [osDiskId]));
        const differ = ids.length === 2 && ids[0]?.localeCompare(ids[1] ?? "", "en", { sensitivity: "accent" }) !== 0;
        const verdict = reconcile(one, two);
        expect(verdict).toBe(differ ? "happened" : "cannot tell");
        if (verdict === "happened") happened += 1;
      }),
      { numRuns: 500 },
    );
    expect(happened).toBeGreaterThan(20);
  });

  test("whatever letters are written large or small, it is the same disk", () => {
    fc.assert(
      fc.property(id, fc.infiniteStream(fc.boolean()), (osDiskId, large) => {
        const other = [...osDiskId]
          .map((char) => (large.next().value ? char.toUpperCase() : char.toLowerCase()))
          .join("");
        expect(reconcile(look({ osDiskId }), look({ osDiskId: other }))).toBe("cannot tell");
      }),
    );
  });
});
