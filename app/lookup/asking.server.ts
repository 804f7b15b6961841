import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../log.server";
import { type AdminGraphql, askAdmin } from "../settings/admin-api.server";
import type { AskedShop } from "./lookups";

export interface AskingDeps {
  /** Speaks for a shop that nobody looks at; rejects where it has no session. */
  graphqlOf: (domain: string) => Promise<AdminGraphql>;
  log: Log;
  now: () => number;
  /** How long one call may take in all, milliseconds. */
  patienceMs?: number;
}

/**
 * Does an errand at Shopify for so many ids at a time, one after the other. Resolves when all is done, when one failed, or
 * when the time is up, whichever comes first; what was done until then is done. Never rejects.
 */
export type Ask = (shop: AskedShop, ids: readonly string[], atOnce: number, errand: Errand) => Promise<void>;

export type Errand = (graphql: AdminGraphql, ids: string[]) => Promise<void>;

/** The drain holds its claim while it waits. */
const PATIENCE_MS = 3_000;
/** A shop whose question failed is left alone for so long. */
const REST_MS = 60_000;

class OutOfTime extends Error {
  override name = "OutOfTime";
}

export function openAsking({ graphqlOf, log, now, patienceMs = PATIENCE_MS }: AskingDeps): Ask {
  /** By shop: when its last question failed. */
  const failedAt = new Map<number, number>();

  function failed({ id, domain }: AskedShop, error: unknown): void {
    // Once an outage: a shop that was never opened has no session, and every event of it would say so.
    log[failedAt.has(id) ? "debug" : "warn"]({ shop: domain, err: error }, "lookup.failed");
    failedAt.set(id, now());
  }

  return async (shop, ids, atOnce, errand) => {
    if (ids.length === 0 || now() < (failedAt.get(shop.id) ?? Number.NEGATIVE_INFINITY) + REST_MS) return;
    const patience = new AbortController();
    let done = 0;

    async function errands(): Promise<void> {
      const graphql = await graphqlOf(shop.domain);
      for (let from = 0; from < ids.length && !patience.signal.aborted; from += atOnce) {
        await errand(graphql, ids.slice(from, from + atOnce));
        done += 1;
      }
    }

    try {
      await Promise.race([errands(), timeUp(patienceMs, patience.signal)]);
      failedAt.delete(shop.id);
    } catch (error) {
      // A long list at a Shopify that answers is no outage: the rest is asked with the next.
      if (error instanceof OutOfTime && done > 0) log.debug({ shop: shop.domain, done }, "lookup.cut_short");
      else failed(shop, error);
    } finally {
      patience.abort();
    }
  };
}

async function timeUp(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal });
  throw new OutOfTime("Shopify did not answer in time.");
}

const answered = z.object({
  data: z.object({ nodes: z.array(z.unknown()) }),
  errors: z.array(z.unknown()).optional(),
});

/** Each node by itself, as its schema reads it; a node that it cannot read is left out, and spoils none of the others. */
export async function askNodes<Node>(
  graphql: AdminGraphql,
  query: string,
  gids: readonly string[],
  schema: z.ZodType<Node>,
): Promise<{ nodes: Node[]; whole: boolean }> {
  const { data, errors = [] } = answered.parse(await askAdmin(graphql, query, { ids: gids }));
  const nodes = data.nodes.flatMap((node) => {
    const read = schema.safeParse(node);
    return read.success ? [read.data] : [];
  });
  return { nodes, whole: errors.length === 0 };
}

/** Digits only, each once: ids come out of beacons too. */
export function askable(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => /^\d{1,24}$/.test(id));
}
