import { describe, expect, it, vi } from "vitest";
import { openLog } from "~/log.server";
import { actOnNotices } from "~/notices.server";
import { StoreBusy } from "~/store/store.server";
import { order } from "../fixtures/order";
import { DATASET, testPipeline } from "../support/pipeline";

const MINUTE = 60_000;

function orders(count: number): unknown[] {
  return Array.from({ length: count }, (_, n) =>
    order({ id: 6_000_001 + n, checkoutToken: (n + 1).toString(16).padStart(32, "0") }),
  );
}

describe("a fault of ours", () => {
  it("in one notice is said and keeps no other notice waiting", async () => {
    const { db, store, registry, clock, webhook, shop } = await testPipeline();
    await webhook("app/scopes_update", { current: ["read_orders"] }, "broken");
    await webhook("app/uninstalled", {}, "good");
    await db.notice.updateMany({ where: { webhookId: "broken" }, data: { body: "v1.not.a.seal" } });
    const log = openLog("silent");
    const said = vi.spyOn(log, "error").mockImplementation(() => undefined);
    await actOnNotices({ store, db, registry, log, now: clock.now });
    await registry.refresh();
    expect(said).toHaveBeenCalledOnce();
    expect(shop().installed).toBe(false);
    expect(await db.notice.count({ where: { closedAt: null } })).toBe(0);
  });

  it("in reading one shop keeps no other shop from working, and its webhooks are not taken for a stranger's", async () => {
    const { db, registry, store, webhook, connect, clock } = await testPipeline();
    await connect({ dataset: "555" });
    await db.dataset.updateMany({ where: { dataset: "555" }, data: { token: "v1.not.a.seal" } });
    await store.describeShop(1, { country: "US", primaryDomain: null, timezone: null });
    await registry.refresh();
    expect(registry.unreadable().map(({ domain }) => domain)).toEqual(["example-shop.myshopify.com"]);
    await expect(webhook("orders/create", order())).rejects.toThrow("example-shop.myshopify.com");
    expect(clock.now()).toBeGreaterThan(0);
  });

  it("in preparing an event leaves it waiting for a mended version, beside the others that leave", async () => {
    const pipeline = await testPipeline();
    for (const body of orders(3)) await pipeline.webhook("orders/create", body);
    await pipeline.db.event.update({ where: { id: 2 }, data: { facts: '{"country":"AU","lines":7}' } });
    await pipeline.drain();
    expect((await pipeline.events()).map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "accepted null",
      "waiting fault",
      "accepted null",
    ]);
    for (let tries = 0; tries < 6; tries += 1) {
      pipeline.clock.pass(60 * MINUTE);
      await pipeline.drain();
    }
    expect((await pipeline.events())[1]).toMatchObject({ outcome: "dead", reason: "damaged" });
  });

  it("in keeping the lease does not forget what Meta has taken", async () => {
    const pipeline = await testPipeline();
    for (const body of orders(8)) await pipeline.webhook("orders/create", body);
    // Meta refuses the whole request, so that it is halved; each request takes a quarter of the lease.
    pipeline.meta.weather.script([{ kind: "error", code: 100, subcode: 2804050, count: 1 }]);
    const renew = vi.spyOn(pipeline.store, "renewLease").mockRejectedValue(new StoreBusy("held"));
    await pipeline.drain({ onAttempt: () => pipeline.clock.pass(12_000) });
    expect(renew).toHaveBeenCalled();
    const rows = await pipeline.events();
    const atMeta = pipeline.meta.received.map(({ event_id }) => event_id);
    expect(atMeta.length).toBeGreaterThan(0);
    expect(rows.filter(({ outcome }) => outcome === "accepted").map(({ eventId }) => eventId)).toEqual(atMeta);
    renew.mockRestore();
    pipeline.clock.pass(10 * MINUTE);
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(8);
  });

  it("never lets an answer about an old token hold the new one", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    pipeline.meta.setToken(DATASET, null);
    // The merchant pastes a new token while Meta's answer to the old one is on its way.
    await pipeline.drain({
      onAttempt: () => {
        void pipeline.connect({ token: "EAAnewtoken" });
      },
    });
    pipeline.meta.setToken(DATASET, "EAAnewtoken");
    await pipeline.registry.refresh();
    expect(pipeline.shop().datasets[0]?.heldReason).toBeNull();
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(1);
  });

  it("in telling of a refusal does not forget it when a checkout webhook comes later", async () => {
    const pipeline = await testPipeline();
    const token = "0123456789abcdef0123456789abcdef";
    const refused = { analytics: false, marketing: false, preferences: true, saleOfData: true };
    await pipeline.beacon({ name: "checkout_started", checkout_token: token, client_id: null, consent: refused });
    await pipeline.webhook("checkouts/update", {
      token,
      created_at: "2026-11-20T09:58:00Z",
      currency: "USD",
      total_price: "10.00",
      email: "jordan@example.com",
    });
    const [context] = await pipeline.db.browserContext.findMany();
    expect(context?.matchKeys).toBe("{}");
  });

  it("is none where the disk is full for a moment: Meta's answer is written down, and not asked for again", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    let refusals = 2;
    const settle: typeof pipeline.store.settle = (settling) => {
      refusals -= 1;
      return refusals < 0 ? pipeline.store.settle(settling) : Promise.reject(new Error("disk I/O error"));
    };
    await pipeline.drain({ store: { ...pipeline.store, settle } });
    expect((await pipeline.events()).map(({ outcome }) => outcome)).toEqual(["accepted"]);
    expect(pipeline.meta.received).toHaveLength(1);
  });
});
