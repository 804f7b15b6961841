import { describe, expect, it } from "vitest";
import { type Backfilled, backfillOrders } from "~/sweep/backfill.server";
import { order } from "../fixtures/order";
import { DAY_MS, later, standing, taken } from "../pipeline/seen";
import { SHOP } from "../support/pipeline";
import { settle, switchOff } from "../support/settings";
import { HOUR_MS, openSweeping, type Sweeping } from "./support";

const TOKEN = "0123456789abcdef0123456789abcdef";
const placed = (over = {}, options = {}) => order({ country: "AU", ...options }, over);

/** A dataset that was connected now, at a shop that has sold before. */
async function connectedNow(): Promise<Sweeping> {
  const sweeping = await openSweeping();
  await sweeping.store.disconnectDatasets(sweeping.shop().id, null, sweeping.clock.now());
  await sweeping.connect();
  return sweeping;
}

async function backfill({ registry, deps, clock }: Sweeping, send: boolean): Promise<Backfilled> {
  await registry.refresh();
  const shop = registry.shop(SHOP);
  const [dataset] = shop?.datasets ?? [];
  if (shop === undefined || dataset === undefined) throw new Error("nothing is connected");
  return backfillOrders({ shop, dataset, span: { since: 0, until: clock.now() }, send }, deps);
}

describe("a backfill", () => {
  it("does not count as sendable what a switch or the matrix keeps back", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    sweeping.sell(placed({ source_name: "pos" }, { id: 2, checkoutToken: null }));
    await settle(sweeping, (settings) => ({
      ...settings,
      matrix: { ...settings.matrix, sources: { ...settings.matrix.sources, pos: "skip" } },
    }));
    expect(await backfill(sweeping, false)).toMatchObject({ sendable: 1, unsendable: { source_off: 1 } });
    await switchOff(sweeping, "Purchase");
    const told = await backfill(sweeping, true);
    expect(told).toMatchObject({ sendable: 0, unsendable: { source_off: 1, event_off: 1 }, became: {} });
  });

  it("says what could be sent, and changes nothing unless it is told to", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    sweeping.sell(placed({}, { id: 2, checkoutToken: "two" }));
    sweeping.sell(placed({ test: true }, { id: 3, checkoutToken: "three" }));
    sweeping.sell(placed({ cancelled_at: "2026-11-20T10:00:00Z" }, { id: 4, checkoutToken: "four" }));
    sweeping.sell(placed({}, { id: 5, checkoutToken: "five", at: "2026-11-10T10:00:00Z" }));
    sweeping.sell(placed({ source_name: "pos" }, { id: 6, checkoutToken: null, at: "2026-11-10T10:00:00Z" }));
    const before = await sweeping.events();
    expect(await backfill(sweeping, false)).toEqual({
      orders: 6,
      settled: 0,
      sendable: 3,
      unsendable: { test_order: 1, cancelled: 1, too_late: 1 },
      became: {},
    });
    expect(await sweeping.events()).toEqual(before);
    await later(sweeping, HOUR_MS);
    expect(taken(sweeping)).toEqual([]);
  });

  it("asks for the match keys anew, and sends a skipped order under the id it has, once", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["skipped before_connection"]);
    expect(await backfill(sweeping, true)).toMatchObject({ sendable: 1, became: { waiting: 1 } });
    await sweeping.drain();
    expect(await backfill(sweeping, true)).toMatchObject({ settled: 1, sendable: 0, became: {} });
    await sweeping.drain();
    expect(taken(sweeping)).toEqual([`Purchase purchase.${TOKEN}`]);
    expect(await standing(sweeping)).toEqual(["accepted degraded"]);
    expect((await sweeping.events())[0]?.topic).toBe("backfill");
    expect(Object.keys(sweeping.meta.received[0]?.body.user_data ?? {})).toContain("em");
  });

  it("sends what nobody has looked for yet, too, and a sweep after it finds nothing missing", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    await backfill(sweeping, true);
    expect(await sweeping.sweep()).toMatchObject({ missing: 0 });
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);
  });

  it("leaves alone what was sent, refused, or skipped for another reason", async () => {
    const sweeping = await openSweeping();
    for (const [id, over] of [
      [1, {}],
      [2, { test: true }],
    ] as const) {
      const body = placed(over, { id, checkoutToken: `token-${id}` });
      await sweeping.webhook("orders/create", body);
      sweeping.sell({ ...body, test: false });
    }
    await sweeping.drain();
    expect(await backfill(sweeping, true)).toMatchObject({ orders: 2, settled: 2, sendable: 0 });
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);
    expect(await standing(sweeping)).toEqual(["accepted", "skipped test_order"]);
  });

  it("does not bring back what was told of while it was being asked for", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    sweeping.shopify.answerWith((query) => {
      if (query.includes("MissingOrders")) void sweeping.webhook("orders/create", placed({ test: true }));
      return undefined;
    });
    await backfill(sweeping, true);
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["skipped test_order"]);
  });

  it("sends nothing that is too old by the time it is asked for", async () => {
    const sweeping = await connectedNow();
    sweeping.sell(placed());
    await sweeping.sweep();
    sweeping.clock.pass(8 * DAY_MS);
    expect(await backfill(sweeping, true)).toMatchObject({ sendable: 0, unsendable: { too_late: 1 } });
    await sweeping.drain();
    expect(taken(sweeping)).toEqual([]);
  });
});
