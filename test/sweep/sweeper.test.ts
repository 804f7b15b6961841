import { describe, expect, it, onTestFinished, vi } from "vitest";
import { lastOrderSweep } from "~/diagnostics/last-sweep.server";
import { openLog } from "~/log.server";
import { daysOf, spanOf } from "~/sweep/span";
import { openSweeper, type Sweeper } from "~/sweep/sweeper.server";
import { order } from "../fixtures/order";
import { SHOP } from "../support/pipeline";
import { HOUR_MS, openSweeping, type Sweeping } from "./support";

const DAY_MS = 24 * 3_600_000;

interface Swept extends Sweeping {
  sweeper: Sweeper;
  log: string[];
  /** Begins a round and waits for this. */
  round(holds: () => void): Promise<void>;
}

async function openRound({ session = true } = {}): Promise<Swept> {
  const sweeping = await openSweeping();
  const log: string[] = [];
  const { signal: _signal, ...deps } = sweeping.deps;
  const sweeper = openSweeper({
    ...deps,
    db: sweeping.db,
    log: openLog("info", { write: (line) => void log.push(line) }),
  });
  onTestFinished(() => sweeper.stop());
  if (session) await openSession(sweeping);
  const round = (holds: () => void) =>
    vi.waitFor(
      () => {
        sweeper.tick();
        holds();
      },
      { timeout: 10_000, interval: 10 },
    );
  return { ...sweeping, sweeper, log, round };
}

async function openSession({ db }: Sweeping): Promise<void> {
  await db.session.create({ data: { id: `offline_${SHOP}`, shop: SHOP, state: "", accessToken: "sealed" } });
}

function said(log: string[], message: string): number {
  return log.filter((line) => line.includes(`"${message}"`)).length;
}

describe("the sweep of every hour", () => {
  it("takes in what is missing of each shop, and says so in a line", async () => {
    const { sell, round, log, events, db, shop } = await openRound();
    sell(order({ country: "AU" }));
    await round(() => expect(said(log, "sweep.done")).toBeGreaterThan(0));
    expect(await events()).toHaveLength(1);
    expect(JSON.parse(log[0] ?? "")).toMatchObject({ shop: SHOP, seen: 1, missing: 1, became: { waiting: 1 } });
    expect(await lastOrderSweep(db, shop().id)).toMatchObject({ seen: 1, missing: 1 });
  });

  it("passes over a shop without a session, with one line until it has one", async () => {
    const opened = await openRound({ session: false });
    opened.sell(order({ country: "AU" }));
    await opened.round(() => expect(said(opened.log, "sweep.no_session")).toBe(1));
    await opened.sweeper.stop();
    expect(opened.shopify.api.records).toEqual([]);
    expect(opened.log).toHaveLength(1);
  });

  it("passes over a shop that has no dataset, or has uninstalled the app", async () => {
    const { store, shop, sweeper, shopify, log, clock } = await openRound();
    await store.disconnectDatasets(shop().id, null, clock.now());
    sweeper.tick();
    await sweeper.stop();
    expect(shopify.api.records).toEqual([]);
    expect(log).toEqual([]);
  });

  it("looks at one shop at once where somebody asks, 7 days back, and only once at a time", async () => {
    const { sell, sweeper, events, db, shop, clock } = await openRound();
    sell(order({ country: "AU" }));
    const both = await Promise.all([sweeper.sweepNow(shop()), sweeper.sweepNow(shop())]);
    expect(both.sort()).toEqual([false, true]);
    expect(await events()).toHaveLength(1);
    const since = (await lastOrderSweep(db, shop().id))?.since ?? 0;
    expect(clock.now() - since).toBe(7 * 24 * HOUR_MS);
    await sweeper.stop();
    expect(await sweeper.sweepNow(shop())).toBe(false);
  });

  it("warns where Shopify failed, and of orders that cannot be read", async () => {
    const { shopify, round, log } = await openRound();
    shopify.api.weather.fail(1, "status 500");
    await round(() => expect(said(log, "sweep.failed")).toBe(1));
    expect(JSON.parse(log[0] ?? "")).toMatchObject({ shop: SHOP, fault: "Shopify answered 500." });
  });

  it("stops in the middle of a question, and gives the shop free for the next process", async () => {
    const { sweeper, shopify, db, log, shop } = await openRound();
    shopify.api.weather.fail(1, "timeout");
    sweeper.tick();
    await vi.waitFor(() => expect(shopify.api.records).toHaveLength(1));
    await sweeper.stop();
    sweeper.tick();
    expect(shopify.api.records).toHaveLength(1);
    expect(log).toEqual([]);
    expect(await db.orderSweep.findUnique({ where: { shopId: shop().id } })).toMatchObject({ lease: null });
  });
});

describe("how far back a sweep looks", () => {
  it.each([
    ["2026-11-20T10:15:00Z", "Europe/Berlin", 3],
    ["2026-11-20T02:15:00Z", "Europe/Berlin", 7],
    ["2026-11-20T03:15:00Z", "Europe/Berlin", 3],
    ["2026-11-20T03:15:00Z", null, 7],
    ["2026-11-20T08:59:00Z", "America/New_York", 7],
  ])("at %s in %s: %i days", (now, timezone, days) => {
    expect(daysOf(Date.parse(now), timezone)).toBe(days);
  });

  it("leaves the last ten minutes alone", () => {
    expect(spanOf(3, 10 * DAY_MS)).toEqual({ since: 7 * DAY_MS, until: 10 * DAY_MS - 600_000 });
  });
});
