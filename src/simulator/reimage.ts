import { virtualMachinesReimageOperation as contract } from "../../generated/operations.js";
import { checkAmount, checkOutcome } from "./checks.js";
import { endingOf, type Operation } from "./operation.js";
import { parameterRefusal } from "./parameters.js";
import { busy, refuseApiVersion } from "./refusals.js";
import { empty, type HeaderValues, json, type Reply } from "./replies.js";
import type { Holding } from "./store.js";
import { findVm } from "./target.js";
import { passCompute } from "./throttling.js";
import type { Call, World } from "./world.js";

/** Answers the POST: refuses it, or begins a reimage. */
export function reimage(world: World, call: Call): Reply {
  const { request } = call;
  const { settings } = world;
  const refused = refuseApiVersion(request.url.searchParams.get("api-version"), [
    contract.apiVersion,
    ...settings.apiVersions,
  ]);
  if (refused) return refused;
  const target = findVm(world, call);
  if ("refused" in target) return target.refused;
  const found = target.vm;
  const passed = passCompute(world, call, [
    { limit: "subscriptionVmUpdates", of: `${found.vm.subscriptionId}/${found.vm.location}` },
    { limit: "vmUpdates", of: found.vm.id },
  ]);
  if ("refused" in passed) return passed.refused;
  const reply = parameterRefusal(request, found, settings.refuse) ?? taken(world, call, found);
  return { ...reply, headers: { ...passed.headers, ...reply.headers } };
}

function taken(world: World, call: Call, found: Holding): Reply {
  const { store, settings, guid } = world;
  if (settings.busy === "conflict" && store.running(found.vm, call.now)) return busy();
  const operation = planned(world, call, found, guid());
  store.begin(operation, call.now);
  const ids = { "x-ms-request-id": operation.id };
  const { error } = operation.ending;
  if (settings.statusHeader !== "none") return empty(202, { ...ids, ...statusHeaders(world, call, operation) });
  // Who has to wait for the end and hangs never answers.
  if (operation.endsAt === Number.POSITIVE_INFINITY) return { ...empty(200, ids), never: true };
  // A service that fails before it has answered says so by its answer. A guess: no such answer was ever recorded.
  return error ? json(500, { error }, ids) : empty(200, ids);
}

/** What will become of it, settled here and now. */
function planned({ settings, dice }: World, call: Call, { vm, init }: Holding, id: string): Operation {
  const { now, request } = call;
  const random = () => dice(`course of ${vm.id.toLowerCase()}`);
  const chosen = typeof settings.outcome === "function" ? settings.outcome(vm, random) : settings.outcome;
  checkOutcome("outcome, as the function gave it,", chosen ?? null);
  const outcome = init.outcome ?? chosen;
  const usual = typeof settings.durationMs === "function" ? settings.durationMs(random) : settings.durationMs;
  checkAmount("durationMs, as the function gave it,", usual);
  const durationMs = outcome === "hang" ? Number.POSITIVE_INFINITY : (init.durationMs ?? usual);
  return {
    id,
    vmId: vm.id,
    subscriptionId: vm.subscriptionId,
    location: vm.location,
    apiVersion: settings.statusApiVersion ?? request.url.searchParams.get("api-version") ?? "",
    startedAt: now,
    endsAt: settings.statusHeader === "none" && outcome !== "hang" ? now : now + durationMs,
    ending: endingOf(outcome, vm),
  };
}

function statusHeaders({ sign, settings }: World, { base }: Call, operation: Operation): HeaderValues {
  const { statusHeader, retryAfter } = settings;
  return {
    ...(statusHeader === "location" ? {} : { "azure-asyncoperation": `${base}${sign(operation, false)}` }),
    ...(statusHeader === "azure-asyncoperation" ? {} : { location: `${base}${sign(operation, true)}` }),
    ...(retryAfter.accepted === null ? {} : { "retry-after": String(retryAfter.accepted) }),
  };
}
