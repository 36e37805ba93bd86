import { createTake, type Take } from "./limits.js";
import { createDice, type Dice, guid, type Numbers, numbersFrom } from "./random.js";
import type { Incoming } from "./request.js";
import { type Route, vmId } from "./routes.js";
import type { Settings } from "./settings.js";
import { createSign, type Sign } from "./signing.js";
import { createStore, type Holding, type Store } from "./store.js";
import { createVm, type SimulatedVmInit } from "./vm.js";

/** All that a simulator holds from its start or its last reset on. */
export interface World {
  readonly settings: Settings;
  readonly store: Store;
  readonly take: Take;
  readonly sign: Sign;
  readonly dice: Dice;
  /** The next id. */
  readonly guid: () => string;
  /** Adds a VM to the store. */
  readonly addVm: (init: SimulatedVmInit) => Holding;
}

/** One request on its way through the service. */
export interface Call {
  readonly request: Incoming;
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
  /** What the URL began with: status URLs begin with it too. */
  readonly base: string;
  /** In epoch milliseconds. */
  readonly now: number;
}

/** Makes a world in which nothing happened yet. */
export function createWorld(settings: Settings): World {
  const { seed, limits, throttles, signedStatusUrls } = settings;
  const ids = numbersFrom(`${seed} ids`);
  const disks = numbersFrom(`${seed} disks`);
  const store = createStore(({ vmName }) => diskName(vmName, disks));
  const addVm = (init: SimulatedVmInit): Holding => {
    const { subscriptionId, resourceGroupName, vmName } = init;
    const id = vmId({ subscriptionId, resourceGroupName, vmName });
    return store.add({ init, uniqueId: guid(disks), vm: createVm(init, id, diskName(vmName, disks)) });
  };
  for (const init of settings.vms) addVm(init);
  return {
    settings,
    store,
    take: createTake(limits, throttles),
    sign: createSign(signedStatusUrls),
    dice: createDice(seed),
    guid: () => guid(ids),
    addVm,
  };
}

/** An OS disk's name as Azure makes it up. */
function diskName(vmName: string, next: Numbers): string {
  return `${vmName}_OsDisk_1_${guid(next).replaceAll("-", "")}`;
}
