import { randomUUID } from "node:crypto";
import type { PrismaClient } from "@prisma/client";
import type { Log } from "../log.server";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { daysOf, NIGHTLY_DAYS, patientSpanOf, spanOf } from "./span";
import { type SweepDeps, sweepOrders } from "./sweep.server";

/** Finds, shop by shop, the orders that no webhook told of. */
export interface Sweeper {
  /** Begins a sweep of every shop; returns at once, the work goes on behind. */
  tick(): void;
  /**
   * Sweeps one shop as far back as a night's sweep, because somebody asked; resolves when it has ended. False: it did not
   * begin, because another one is under way, or the process is to stop.
   */
  sweepNow(shop: Shop): Promise<boolean>;
  /** No new work; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface SweeperDeps extends Omit<SweepDeps, "signal"> {
  db: PrismaClient;
  log: Log;
}

/** Shops that are swept side by side: each waits for Shopify most of the time. */
const AT_ONCE = 4;

export function openSweeper({ db, log, ...deps }: SweeperDeps): Sweeper {
  const stopping = new AbortController();
  let round: Promise<void> | null = null;
  const asked = new Set<Promise<boolean>>();
  /** Of which it was said that they have no session. */
  const silent = new Set<number>();

  /** When a sweep that looked as far back as a night's last got through to its end; by shop. */
  const nightly = new Map<number, number>();

  async function sweep(shop: Shop, days: number, spanOfDays: typeof spanOf): Promise<boolean> {
    const { id, domain } = shop;
    const span = spanOfDays(days, deps.now());
    try {
      const swept = await sweepOrders(shop, span, randomUUID(), { ...deps, signal: stopping.signal });
      if (swept === null || stopping.signal.aborted) return false;
      if (swept.fault === null && days >= NIGHTLY_DAYS) nightly.set(id, swept.endedAt);
      const { seen, missing, unreadable, became, fault, startedAt, endedAt } = swept;
      const words = { shop: domain, seen, missing, unreadable, became, ms: endedAt - startedAt };
      if (fault !== null) log.warn({ ...words, fault }, "sweep.failed");
      else log[unreadable > 0 ? "warn" : "info"](words, "sweep.done");
    } catch (error) {
      log.error({ err: error, shop: domain, shopId: id }, "sweep.not_done");
    }
    return true;
  }

  /** Those that Shopify can be asked about; each of the others is named once. */
  async function askable(): Promise<Shop[]> {
    await deps.registry.refresh();
    const shops = [...deps.registry.all()].filter((shop) => connectedDatasets(shop).length > 0);
    const sessions = await db.session.findMany({
      where: { shop: { in: shops.map(({ domain }) => domain) }, isOnline: false },
      select: { shop: true },
    });
    const known = new Set(sessions.map(({ shop }) => shop));
    for (const { id, domain } of shops) {
      if (known.has(domain)) silent.delete(id);
      else if (!silent.has(id)) log.info({ shop: domain }, "sweep.no_session");
      if (!known.has(domain)) silent.add(id);
    }
    return shops.filter(({ domain }) => known.has(domain));
  }

  async function daysOfHour({ id, timezone }: Shop): Promise<number> {
    const last = await db.orderSweep.findUnique({ where: { shopId: id }, select: { wholeAt: true } });
    const wholeAt = last?.wholeAt == null ? null : Number(last.wholeAt);
    return daysOf({ wholeAt, nightlyAt: nightly.get(id) ?? null }, deps.now(), timezone);
  }

  async function sweepAll(): Promise<void> {
    const pile = await askable();
    const lane = async () => {
      for (let shop = pile.shift(); shop !== undefined; shop = pile.shift()) {
        if (stopping.signal.aborted) return;
        await sweep(shop, await daysOfHour(shop), patientSpanOf);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  return {
    tick() {
      if (stopping.signal.aborted || round !== null) return;
      round = sweepAll()
        .catch((error) => log.error({ err: error }, "sweep.round_failed"))
        .finally(() => {
          round = null;
        });
    },
    async sweepNow(shop) {
      if (stopping.signal.aborted) return false;
      const swept = sweep(shop, NIGHTLY_DAYS, spanOf);
      asked.add(swept);
      return swept.finally(() => asked.delete(swept));
    },
    async stop() {
      stopping.abort();
      await Promise.all([round, ...asked]);
    },
  };
}
