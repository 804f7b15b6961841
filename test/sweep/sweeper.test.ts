import { describe, expect, it, onTestFinished, vi } from "vitest";
import { lastOrderSweep } from "~/diagnostics/last-sweep.server";
import { openLog } from "~/log.server";
import { daysOf, isLeftAlone, patientSpanOf, spanOf } from "~/sweep/span";
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
    const { sell, round, log, events, db, shop, clock } = await openRound();
    sell(order({ country: "AU" }));
    clock.pass(5 * HOUR_MS);
    await round(() => expect(said(log, "sweep.done")).toBeGreaterThan(0));
    expect(await events()).toHaveLength(1);
    expect(JSON.parse(log[0] ?? "")).toMatchObject({ shop: SHOP, seen: 1, missing: 1, became: { waiting: 1 } });
    expect(await lastOrderSweep(db, shop().id)).toMatchObject({ seen: 1, missing: 1 });
  });

  it("leaves what was ordered in the last hours to its webhook, which Shopify still tries", async () => {
    const { sell, round, log, events, db, shop, clock } = await openRound();
    sell(order({ country: "AU" }));
    await round(() => expect(said(log, "sweep.done")).toBeGreaterThan(0));
    expect(await events()).toEqual([]);
    expect(JSON.parse(log[0] ?? "")).toMatchObject({ seen: 0, missing: 0 });
    expect(await lastOrderSweep(db, shop().id)).toMatchObject({ until: clock.now() - 4.25 * HOUR_MS });
  });

  it("looks 7 days back until one such look got to its end, then 3, and as far as it was away", async () => {
    const { round, log, db, shop, clock, shopify } = await openRound();
    const looked = async () => {
      const row = await lastOrderSweep(db, shop().id);
      return row && (row.startedAt - row.since) / DAY_MS;
    };
    const next = async () => {
      const ended = said(log, "sweep.done") + said(log, "sweep.failed");
      await round(() => expect(said(log, "sweep.done") + said(log, "sweep.failed")).toBeGreaterThan(ended));
    };
    shopify.api.weather.fail(5, "status 500");
    await next();
    expect(await looked()).toBe(7);
    await next();
    expect(await looked()).toBe(7);
    await next();
    expect(await looked()).toBe(3);
    clock.pass(10 * DAY_MS);
    await next();
    expect(await looked()).toBe(11);
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
    shopify.api.weather.fail(5, "status 500");
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
  const NOW = Date.parse("2026-11-20T10:15:00Z");
  const NIGHT = Date.parse("2026-11-20T02:15:00Z");
  const days = (
    now: number,
    nightlyHoursAgo: number | null,
    wholeHoursAgo: number | null = 1,
    timezone = "Europe/Berlin",
  ) =>
    daysOf(
      {
        nightlyAt: nightlyHoursAgo === null ? null : now - nightlyHoursAgo * HOUR_MS,
        wholeAt: wholeHoursAgo === null ? null : now - wholeHoursAgo * HOUR_MS,
      },
      now,
      timezone,
    );

  it.each([
    ["by day, some hours after the night's", NOW, 7, 3],
    ["by day, a day after the night's", NOW, 27.9, 3],
    ["by day, where the night's did not get through", NOW, 28, 7],
    ["at night", NIGHT, 24, 7],
    ["at night, once it has", NIGHT, 1, 3],
    ["in the first hour of a process", NOW, null, 7],
  ])("%s", (_when, now, nightlyHoursAgo, expected) => {
    expect(days(now, nightlyHoursAgo)).toBe(expected);
  });

  it("is as far as nobody looked, and no further than Shopify tells", () => {
    expect([71, 72, 24 * 6, 24 * 6 + 1, 24 * 10, 24 * 100].map((hours) => days(NOW, 7, hours))).toEqual([
      4, 4, 7, 8, 11, 60,
    ]);
    expect(days(NOW, null, null)).toBe(7);
  });

  it("goes by the shop's own clock, and by UTC where that is not known", () => {
    const at = Date.parse("2026-11-20T03:15:00Z");
    const before = { nightlyAt: at - 24 * HOUR_MS, wholeAt: at - HOUR_MS };
    expect([daysOf(before, at, "Europe/Berlin"), daysOf(before, at, null)]).toEqual([3, 7]);
    expect(daysOf(before, Date.parse("2026-11-20T08:59:00Z"), "America/New_York")).toBe(7);
  });

  it("leaves the last ten minutes alone", () => {
    expect(spanOf(3, 10 * DAY_MS)).toEqual({ since: 7 * DAY_MS, until: 10 * DAY_MS - 600_000 });
  });
});

describe("an order whose webhook Shopify still tries", () => {
  const NOON = Date.parse("2026-11-20T12:00:00Z");
  const quarter = HOUR_MS / 4;
  const leftAlone = (hoursAgo: number, datedHoursAgo = hoursAgo) =>
    isLeftAlone(
      { createdAt: NOON - hoursAgo * HOUR_MS, processedAt: NOON - datedHoursAgo * HOUR_MS },
      patientSpanOf(3, NOON),
    );

  it("is left alone for 4 hours and a quarter", () => {
    expect([leftAlone(0.5), leftAlone(4.25), leftAlone(4.26)]).toEqual([true, true, false]);
  });

  it("is not where Meta would not take it any more by then", () => {
    expect([leftAlone(0.5, 7 * 24 - 6), leftAlone(0.5, 7 * 24 - 4)]).toEqual([true, false]);
  });

  it("is not where somebody asked for a look", () => {
    const order = { createdAt: NOON - quarter, processedAt: NOON - quarter };
    expect(isLeftAlone(order, spanOf(3, NOON))).toBe(false);
  });
});
