// Makes waits of minutes testable on real sockets: the clock of the code under test (setTimeout, Date, performance)
// stands still while something goes on at an origin, and jumps to the next timer when nothing does. The times that
// origins write down follow that clock, so the distance of two polls is what the client meant it to be.
import { vi } from "vitest";
import { pause, realNow, turns } from "./clock.js";
import { everywhere } from "./everywhere.js";
import { startOrigin } from "./origin.js";
import { status } from "./replies.js";

const quietMs = 4;
// Who has been asked and says nothing for so long is taken to be hanging.
const hangingMs = 60;

/**
 * Runs the code with a clock that hurries. Drips and delays of answers stay in real time. Rejects when the code has
 * not come to its end after so many real milliseconds.
 */
export async function fastForward<T>(run: () => Promise<T>, withinMs = 4000): Promise<T> {
  await warmUp();
  const idleSockets = clientSockets();
  const end = realNow() + withinMs;
  const uninstallClock = installClock();
  const begin = performance.now();
  try {
    let settled = false;
    const result = run().finally(() => {
      settled = true;
    });
    result.catch(() => {});
    while (!settled) {
      await quiet(idleSockets);
      if (!settled && vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
      if (realNow() > end) throw new Error(`no end after ${performance.now() - begin} ms of its own time`);
    }
    return await result;
  } finally {
    uninstallClock();
  }
}

function installClock(): () => void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
  // As in Node no timer is shorter than a millisecond; else one of 0.4 ms would be due again and again, in no time.
  const fake = globalThis.setTimeout;
  const start = (action: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) =>
    fake(action, Math.max(ms, 1), ...args);
  Reflect.set(globalThis, "setTimeout", start);
  return () => {
    globalThis.setTimeout = fake;
    vi.useRealTimers();
  };
}

let isWarm = false;

// The ticking of the runtime's fetch, behind its own limits for slow servers, begins with the first request: this one,
// so that it ticks in real time. The idle time of its connections is the other clock's, as it is in the world.
async function warmUp(): Promise<void> {
  if (isWarm) return;
  isWarm = true;
  const origin = await startOrigin({ tls: false });
  origin.on(() => true, status(204));
  await fetch(origin.url);
  await origin.close();
}

// The harness's own sockets do not count among these, nor do idle connections in the pool of the runtime.
function clientSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS|GetAddrInfo)/.test(name)).length;
}

function pulse(): number {
  const { requests, sockets } = everywhere;
  const steps = [...requests.map(({ answered }) => answered), ...sockets.flatMap((each) => [each.secure, each.closed])];
  return requests.length + sockets.length + steps.filter(Boolean).length;
}

async function quiet(idleSockets: number): Promise<void> {
  for (let silence = 0, before = pulse(), busy = true; silence < (busy ? hangingMs : quietMs); ) {
    await turns(10);
    await pause(quietMs);
    await turns(10);
    const now = pulse();
    silence = now === before ? silence + quietMs : 0;
    before = now;
    busy = clientSockets() > idleSockets;
  }
}
