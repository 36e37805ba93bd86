import { virtualMachinesReimageExamples as examples } from "../../generated/operations.js";
import { json, type Reply, refusal } from "./replies.js";

const samples = examples.replies.default.bodies;

/** 401: no token, or a blank one. Undefined when there is one; which does not matter. */
export function refuseWithoutToken(authorization: string | null): Reply | undefined {
  if (/^Bearer [\x21-\x7e]+$/i.test(authorization ?? "")) return undefined;
  const why = authorization === null ? "header is missing" : "header is provided in an invalid format";
  const challenge =
    'Bearer authorization_uri="https://login.microsoftonline.com/common", error="invalid_token", error_description="The authentication failed."';
  return refusal(401, "AuthenticationFailed", `Authentication failed. The 'Authorization' ${why}.`, {
    headers: { "www-authenticate": challenge },
  });
}

/** 404: the path leads nowhere. */
export function noRoute(): Reply {
  return refusal(404, "NotFound", "The path is none of those that the simulator answers.");
}

/** 405: the path is right, the method is not. */
export function wrongMethod(method: string, allow: string): Reply {
  const message = `The HTTP method '${method}' is not supported at this path. Only '${allow}' is.`;
  return refusal(405, "MethodNotAllowed", message, { headers: { allow } });
}

/** 400: no api-version, or none of those that are taken. */
export function refuseApiVersion(given: string | null, taken: readonly string[]): Reply | undefined {
  if (given !== null && taken.includes(given)) return undefined;
  if (given === null) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    return refusal(400, "MissingApiVersionParameter", message);
  }
  const message = `The api-version '${given}' is invalid. The supported versions are '${taken.join(",")}'.`;
  return refusal(400, "InvalidApiVersionParameter", message);
}

/** 404: there is no such VM. */
export function noSuchVm({ resourceGroupName = "", vmName = "" }: Readonly<Record<string, string>>): Reply {
  const message = samples.notFound.error.message
    .replace(examples.path.vmName, () => vmName)
    .replace(examples.path.resourceGroupName, () => resourceGroupName);
  return json(404, { error: { ...samples.notFound.error, message } });
}

/** 400: tempDisk without an ephemeral OS disk. */
export function tempDiskRefused(): Reply {
  return json(400, samples.tempDisk);
}

/** 400: other customData than at the VM's creation. */
export function customDataRefused(): Reply {
  return json(400, samples.otherCustomData);
}

/** 409: another operation runs on the VM. */
export function busy(): Reply {
  return json(409, samples.busy);
}

/** 404: there is no such operation, or not yet; 404 or 410: there is none any more. */
export function noSuchOperation(id: string, status: 404 | 410 = 404): Reply {
  return refusal(status, status === 404 ? "NotFound" : "Gone", `The operation '${id}' was not found.`);
}

/** 403: the status URL is not the one that was given out. What Azure says here is a guess. */
export function wrongSignature(): Reply {
  return refusal(403, "AuthorizationFailed", "The signature of the status URL does not fit it.");
}
