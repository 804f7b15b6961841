import { setTimeout as sleep } from "node:timers/promises";
import { type AdminGraphql, askAdmin, Throttled, Unanswered } from "../settings/admin-api.server";
import { waitAfter } from "./allowance";

/** Asks one question of one shop; throws in words where Shopify does not answer it. */
export type Ask = (query: string, variables: Record<string, unknown>) => Promise<unknown>;

export interface AskingDeps {
  /** Speaks for the shop; asked for anew with each question, for its token may have run out meanwhile. */
  graphql: () => Promise<AdminGraphql>;
  /** The process is to stop: no question is asked any more, and no answer waited for. */
  signal: AbortSignal;
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** As much as any one question of ours costs. */
const DEAREST_POINTS = 1_000;
/** How often the same question is asked before it is given up: with the waits, some minutes. */
const MOST_TRIES = 8;

/** After so long it is asked again where Shopify gave no answer, each time twice as long: 15 seconds in all. */
const UNANSWERED_MS = 1_000;
const MOST_UNANSWERED = 5;

/** Asks one question after the other, as fast as Shopify's allowance lets it and leaves some to others. */
export function openAsking({ graphql, signal, wait = sleepUntil }: AskingDeps): Ask {
  let restMs = 0;

  async function rest(): Promise<void> {
    signal.throwIfAborted();
    if (restMs > 0) await wait(restMs, signal);
    restMs = 0;
  }

  return async (query, variables) => {
    let unanswered = 0;
    for (let tries = 1; ; tries += 1) {
      await rest();
      try {
        const answer = await unlessAborted(
          graphql().then((admin) => askAdmin(admin, query, variables)),
          signal,
        );
        restMs = waitAfter(answer, DEAREST_POINTS);
        return answer;
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        if (error instanceof Throttled) {
          restMs = waitAfter(error.answer, DEAREST_POINTS, true);
          continue;
        }
        unanswered += 1;
        if (!(error instanceof Unanswered) || unanswered === MOST_UNANSWERED) throw error;
        restMs = UNANSWERED_MS * 2 ** (unanswered - 1);
      }
    }
  };
}

function unlessAborted<Answer>(asked: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
