// What the simulator refuses, and with which words of ARM.
import { describe, expect, test } from "vitest";
import { apiVersion, authorization, other, reimageUrl, said, samples, stage, statusUrl, vm } from "./support.js";

const secret = "s3cret-Value!";

describe("anyone", () => {
  test("without a token, or with a blank one, is 401 with a challenge", async () => {
    const { post, arm } = stage();
    for (const value of ["", "Bearer", "Bearer  ", "Basic abc"]) {
      const reply = await post({}, vm, { authorization: value });
      expect(reply.headers.get("www-authenticate")).toMatch(/^Bearer authorization_uri="https:.*error="invalid_token"/);
      expect(await said(reply)).toEqual([401, "AuthenticationFailed"]);
    }
    const missing = await arm.fetch(reimageUrl(), { method: "POST" });
    expect(missing.headers.has("www-authenticate")).toBe(true);
    expect(await said(missing)).toEqual([401, "AuthenticationFailed"]);
    expect(arm.vms.size).toBe(0);
  });

  test("is told of the token before anything else", async () => {
    const { arm } = stage();
    expect((await arm.fetch("https://management.azure.com/nowhere")).status).toBe(401);
  });

  test("on a path that leads nowhere is 404", async () => {
    const { get } = stage();
    for (const path of [
      "",
      "/",
      "/subscriptions",
      new URL(reimageUrl({ ...vm, resourceGroupName: "%E0%A4%A" })).pathname,
      new URL(reimageUrl()).pathname.replace("/reimage", "/wipe"),
      `${new URL(reimageUrl()).pathname}/more`,
      new URL(reimageUrl()).pathname.replace(/\/[^/]+\/reimage/, ""),
    ])
      expect(await said(await get(`https://management.azure.com${path}`))).toEqual([404, "NotFound"]);
  });

  test("with the wrong method is 405, and told the right one", async () => {
    const { arm, get, post } = stage();
    const onPost = await get(reimageUrl());
    expect(onPost.headers.get("allow")).toBe("POST");
    expect(await said(onPost)).toEqual([405, "MethodNotAllowed"]);
    const init = { method: "POST", headers: authorization };
    expect((await arm.fetch(statusUrl(await post()), init)).headers.get("allow")).toBe("GET");
  });

  test("with another api-version, or none, is 400", async () => {
    const { arm } = stage();
    const init = { method: "POST", headers: authorization };
    const wrong = await arm.fetch(reimageUrl(vm, "2019-07-01"), init);
    expect(await wrong.clone().text()).toContain(apiVersion);
    expect(await said(wrong)).toEqual([400, "InvalidApiVersionParameter"]);
    expect(await said(await arm.fetch(reimageUrl().replace(/\?.*/, ""), init))).toEqual([
      400,
      "MissingApiVersionParameter",
    ]);
  });

  test("with a name that breaks the contract's rule is 400", async () => {
    const { post } = stage();
    expect(await said(await post({}, { ...vm, subscriptionId: "1" }))).toEqual([400, "InvalidSubscriptionId"]);
    expect(await said(await post({}, { ...vm, resourceGroupName: "rg." }))).toEqual([
      400,
      "InvalidParameter",
      "resourceGroupName",
    ]);
    expect(await said(await post({}, { ...vm, vmName: "_vm" }))).toEqual([400, "InvalidParameter", "vmName"]);
  });

  test("reaches a VM whatever the case of the path's fixed parts", async () => {
    const { arm } = stage();
    const url = reimageUrl().replace("resourceGroups", "RESOURCEGROUPS").replace("/reimage?", "/Reimage?");
    expect((await arm.fetch(url, { method: "POST", headers: authorization })).status).toBe(202);
  });

  test("with an encoded name reaches the VM of that name", async () => {
    const { arm, post } = stage();
    expect((await post({}, { ...vm, resourceGroupName: "gr%C3%BCn" })).status).toBe(202);
    expect([...arm.vms.values()]).toMatchObject([{ resourceGroupName: "grün" }]);
  });
});

describe("a body", () => {
  test.each([
    ["that is no JSON", `{"osProfile": {"adminPassword": "${secret}"`, [400, "InvalidRequestContent"]],
    ["that is no object", [], [400, "InvalidRequestContent"]],
    ["that is null", null, [400, "InvalidRequestContent"]],
    ["with a property of another type", { tempDisk: "yes" }, [400, "InvalidParameter", "tempDisk"]],
    ["with an unknown property", { tempdisk: true }, [400, "InvalidParameter", "tempdisk"]],
    ["with an unknown property below", { osProfile: { pw: secret } }, [400, "InvalidParameter", "osProfile.pw"]],
    [
      "with a password that Azure disallows",
      { osProfile: { adminPassword: "P@ssw0rd" } },
      [400, "InvalidParameter", "osProfile.adminPassword"],
    ],
    [
      "with custom data that is no base64",
      { osProfile: { customData: secret } },
      [400, "InvalidParameter", "osProfile.customData"],
    ],
  ])("%s is refused, and its values are not quoted", async (_, body, expected) => {
    const { arm, post } = stage();
    const reply = await post(body);
    const text = await reply.clone().text();
    expect(await said(reply)).toEqual(expected);
    expect(text).not.toContain(secret);
    expect([...arm.vms.values()].map(({ provisioningState }) => provisioningState)).toEqual(["Succeeded"]);
  });

  test("with several things wrong has the first as the error and all as details", async () => {
    const reply = await stage().post({ exactVersion: 1, tempDisk: 1 });
    expect(await reply.json()).toMatchObject({
      error: { target: "exactVersion", details: [{ target: "exactVersion" }, { target: "tempDisk" }] },
    });
  });

  test("with one thing wrong has no details", async () => {
    const { error } = await (await stage().post({ tempDisk: 1 })).json();
    expect(Object.keys(error)).toEqual(["code", "message", "target"]);
  });

  test("of another media type is 415", async () => {
    const { post } = stage();
    for (const type of ["text/plain", "application/jsonp", "application/x-www-form-urlencoded"])
      expect(await said(await post({}, vm, { "content-type": type }))).toEqual([415, "UnsupportedMediaType"]);
    expect((await post({}, vm, { "content-type": "application/json; charset=utf-8" })).status).toBe(202);
  });
});

describe("declared VMs", () => {
  const customData = "dGhlIG9uZQ==";
  const declared = { ...vm, customData, osType: "Linux" } as const;

  test("are the only ones that exist", async () => {
    const reply = await stage({ vms: [declared] }).post({}, { ...other, resourceGroupName: "rg" });
    expect(await reply.clone().text()).toContain("virtualMachines/anotherVM' under resource group 'rg'");
    expect(await said(reply)).toEqual([404, "ResourceNotFound"]);
  });

  test("refuse tempDisk without an ephemeral OS disk, and take it with one", async () => {
    const { post } = stage({ vms: [declared, { ...other, ephemeral: true }] });
    expect(await said(await post(samples.tempDisk))).toEqual([400, "InvalidParameter", "tempDisk"]);
    expect((await post({ tempDisk: false })).status).toBe(202);
    expect((await post(samples.tempDisk, other)).status).toBe(202);
  });

  test("refuse other custom data than they were created with, and take their own", async () => {
    const { post } = stage({ vms: [declared, other] });
    const given = { osProfile: { customData } };
    expect(await said(await post({ osProfile: { customData: "b3RoZXI=" } }))).toEqual([400, "BadRequest"]);
    expect(await said(await post(given, other))).toEqual([400, "BadRequest"]);
    expect((await post(given)).status).toBe(202);
  });

  test("refuse a password that only the other operating system takes", async () => {
    const { post } = stage({ vms: [declared, { ...other, osType: "Windows" }] });
    const body = { osProfile: { adminPassword: "Abc-12" } };
    expect((await post(body)).status).toBe(202);
    expect(await said(await post(body, other))).toEqual([400, "InvalidParameter", "osProfile.adminPassword"]);
  });

  test("take all of it where each refusal is turned off", async () => {
    const refuse = { unknownVm: false, tempDisk: false, customData: false, adminPassword: false };
    const body = { tempDisk: true, osProfile: { adminPassword: "Abc-12", customData: "b3RoZXI=" } };
    const { post } = stage({ vms: [{ ...declared, osType: "Windows" }], refuse });
    expect((await post(body)).status).toBe(202);
    expect((await post(body, other)).status).toBe(202);
  });

  test("turn off one refusal and keep the others", async () => {
    const { post } = stage({ vms: [declared], refuse: { tempDisk: false } });
    expect((await post({}, other)).status).toBe(404);
    expect((await post(samples.tempDisk)).status).toBe(202);
  });
});
