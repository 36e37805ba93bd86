/** The simulator as handlers for Mock Service Worker: `setupServer(...reimageHandlers())`, `setupWorker(...reimageHandlers())`. */
import { type HttpHandler, HttpResponse, http } from "msw";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator/index.js";
import { isReimageTraffic } from "../simulator/ours.js";

/**
 * Makes the handlers that answer the POST of a reimage, the polls of its status and the read of a VM as the simulator does.
 *
 * Every other request, to Azure Resource Manager too, is left to the handlers beside these. A reset, or an answer that
 * breaks off, is a network error, as it is for `fetch`. Handlers come first to last: put your own before these to have
 * another answer than the simulator's.
 *
 * @param simulator - the simulator, or the options of one that nobody else needs to see
 * @throws TypeError when an option makes no sense
 * @example
 * ```ts
 * const arm = createSimulator({ durationMs: 50 });
 * const server = setupServer(...reimageHandlers(arm));
 * beforeAll(() => server.listen());
 * afterEach(() => arm.reset());
 * afterAll(() => server.close());
 * ```
 */
export function reimageHandlers(simulator: Simulator | SimulatorOptions = {}): HttpHandler[] {
  const arm = isSimulator(simulator) ? simulator : createSimulator(simulator);
  const isOurs = ({ request }: { request: Request }) => isReimageTraffic(request, arm.endpoints);
  const answer = async ({ request }: { request: Request }): Promise<Response> => {
    try {
      return await arm.fetch(request, { redirect: "manual" });
    } catch {
      return HttpResponse.error();
    }
  };
  return [http.all(isOurs, answer)];
}

/** What is neither a simulator nor options, the simulator's own check refuses. */
function isSimulator(given: Simulator | SimulatorOptions): given is Simulator {
  return typeof given === "object" && given !== null && "fetch" in given;
}
