import type { PrismaClient } from "@prisma/client";
import type { Detected } from "../alerts/detectors";
import type { Seen, StuckSeen } from "../alerts/seen";
import { healthOf } from "../diagnostics/detectors.server";
import { passesFirst } from "../diagnostics/held";
import { heldOf } from "../diagnostics/held.server";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import type { Store } from "../store/store.server";

export interface SeeingDeps {
  store: Pick<Store, "faredSince" | "stuckOf" | "latestOrderCopies" | "orderCounts" | "eventCounts">;
  db: PrismaClient;
  now: () => number;
  /** How many orders of a shop only the sweep has found since then. */
  sweepFound?: (shopId: number, since: number) => Promise<number>;
}

const DAY_MS = 24 * 3_600_000;
/** Looks at weeks, and at the latest orders one by one: too much for each minute, and it changes slowly. */
const HEALTH_MS = 3_600_000;
/** So much is looked at: it is done each minute, beside what is delivered. */
const BOUNDS = { rows: 2_000, values: 1, copies: 200 };

/** Counts what the alerts of a shop are decided by. */
export function openSeeing({ store, db, now, sweepFound = async () => 0 }: SeeingDeps): (shop: Shop) => Promise<Seen> {
  const looks = new Map<number, { at: number; findings: readonly Detected[] }>();

  async function health(shop: Shop, at: number): Promise<readonly Detected[]> {
    const known = looks.get(shop.id);
    if (known !== undefined && at - known.at < HEALTH_MS) return known.findings;
    const { findings } = await healthOf(db, store, shop, at);
    looks.set(shop.id, { at, findings });
    return findings;
  }

  async function stuck(shop: Shop, at: number): Promise<StuckSeen> {
    const flowing = connectedDatasets(shop).filter(({ heldReason }) => heldReason === null);
    const each = await Promise.all(
      flowing.map(async ({ id, tokenAt }) => {
        const { events, since } = await store.stuckOf(id, at, BOUNDS.rows);
        // What a dead token held back has not been waiting for us.
        return { events, since: since === null ? null : Math.max(since, tokenAt) };
      }),
    );
    const sinces = each.flatMap(({ since }) => since ?? []);
    return {
      events: each.reduce((sum, { events }) => sum + events, 0),
      more: each.some(({ events }) => events >= BOUNDS.rows),
      since: sinces.length === 0 ? null : Math.min(...sinces),
    };
  }

  return async (shop) => {
    const at = now();
    const [held, fared, waiting, findings, found] = await Promise.all([
      heldOf(db, shop, BOUNDS),
      store.faredSince(shop.id, at - DAY_MS),
      stuck(shop, at),
      health(shop, at),
      sweepFound(shop.id, at - DAY_MS),
    ]);
    const { accepted, ...ended } = fared;
    return {
      now: at,
      held: held.map((one) => ({
        dataset: one.dataset,
        says: one.says,
        waiting: one.waiting,
        more: one.more,
        firstLost: passesFirst(one),
      })),
      ended,
      accepted,
      stuck: waiting,
      health: findings,
      pixelFault: shop.webPixel.fault,
      sweepFound: found,
    };
  };
}
