import { type Operation, statusDocument } from "./operation.js";
import { noSuchOperation, wrongSignature } from "./refusals.js";
import { empty, type HeaderValues, json, type Reply } from "./replies.js";
import { passCompute } from "./throttling.js";
import type { Call, World } from "./world.js";

/** Answers a poll of either status URL: the status document, or 202 and then 200. */
export function status(world: World, call: Call): Reply {
  const { names, request } = call;
  const { statusRecord, refuse } = world.settings;
  const { operationId = "" } = names;
  const operation = world.store.operation(operationId.toLowerCase());
  if (operation === undefined || !isIts(operation, names)) return noSuchOperation(operationId);
  const monitor = request.url.searchParams.get("monitor") === "true";
  const given = new URL(`${call.base}${world.sign(operation, monitor)}`);
  if (refuse.changedStatusUrl && request.url.search !== given.search) return wrongSignature();
  if (call.now < operation.startedAt + statusRecord.lagMs) return noSuchOperation(operationId);
  if (call.now >= operation.endsAt + statusRecord.keptMs) return noSuchOperation(operationId, statusRecord.gone);
  const passed = passCompute(world, call, [
    { limit: "operationReads", of: operation.id },
    { limit: "subscriptionOperationReads", of: `${operation.subscriptionId}/${operation.location}` },
  ]);
  if ("refused" in passed) return passed.refused;
  const reply = monitor ? monitored(operation, call, given.href, world) : told(operation, call, world);
  return { ...reply, headers: { ...passed.headers, ...reply.headers } };
}

/** Azure-AsyncOperation: 200 whatever became of it. */
function told(operation: Operation, { now }: Call, world: World): Reply {
  const running = now < operation.endsAt;
  return json(200, statusDocument(operation, now), running ? retryAfter(world) : {});
}

/** Location: an operation that did not succeed has no recorded answer here; that it is the status document is a guess. */
function monitored(operation: Operation, { now }: Call, location: string, world: World): Reply {
  if (now < operation.endsAt) return empty(202, { location, ...retryAfter(world) });
  return operation.ending.status === "Succeeded" ? empty(200) : json(200, statusDocument(operation, now));
}

function retryAfter({ settings }: World): HeaderValues {
  return settings.retryAfter.running === null ? {} : { "retry-after": String(settings.retryAfter.running) };
}

/** An operation is known in its own subscription and region only. */
function isIts({ subscriptionId, location }: Operation, names: Readonly<Record<string, string>>): boolean {
  return (
    subscriptionId.toLowerCase() === names.subscriptionId?.toLowerCase() &&
    location.toLowerCase() === names.location?.toLowerCase()
  );
}
