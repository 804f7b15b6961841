import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { testPipeline } from "../support/pipeline";
import { openOutbox, TOKEN, writeOf } from "./support/outbox";

const MINUTE = 60_000;
const HELD = { hold: "browser_context", runAt: DAY + MINUTE } as const;

describe("a Purchase that waits for its browser", () => {
  it("is due as soon as a beacon tells of its checkout", async () => {
    const { ingest, purchase, context, rows, store, claim } = await openOutbox();
    await ingest(purchase(HELD));
    expect(await claim("early")).toEqual([]);
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + 10 })] }));
    expect(rows()).toMatchObject([{ hold: null, runAt: DAY + 10 }]);
    expect(await claim("now", DAY + 10)).toHaveLength(1);
  });

  it("does not wait at all when the beacon came first", async () => {
    const { ingest, purchase, context, rows, store } = await openOutbox();
    await store.ingest(writeOf({ contexts: [context()] }));
    await ingest(purchase(HELD));
    expect(rows()).toMatchObject([{ hold: null, runAt: DAY }]);
  });

  it.each(["the order first", "the beacon first"])("does not wait when both come in one group, %s", async (order) => {
    const { purchase, context, rows, store } = await openOutbox();
    const writes = [writeOf({ events: [purchase(HELD)] }), writeOf({ contexts: [context()] })];
    if (order === "the beacon first") writes.reverse();
    await Promise.all(writes.map((write) => store.ingest(write)));
    expect(rows()).toMatchObject([{ hold: null, runAt: DAY }]);
  });

  it.each([
    { what: "another checkout", over: { key: "checkout.other", checkoutToken: "other" } },
    { what: "the visitor only", over: { key: "client.visitor-1", checkoutToken: null } },
    { what: "another shop", over: { shopId: 2 } },
    { what: "a webhook's guess", over: { beacon: false } },
  ])("waits on when it is told of $what", async ({ over }) => {
    const { ingest, purchase, context, rows, store } = await openOutbox();
    await store.ingest(writeOf({ contexts: [context(over)] }));
    await ingest(purchase(HELD));
    await store.ingest(writeOf({ contexts: [context(over)] }));
    expect(rows()).toMatchObject([HELD]);
  });

  it("waits on while an order's copy without a browser comes again", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    await ingest(purchase(HELD));
    await ingest(purchase({ ...HELD, topic: "orders/paid", runAt: DAY + 2 * MINUTE }));
    expect(rows()).toMatchObject([{ hold: "browser_context", runAt: DAY + MINUTE }]);
  });

  it("that is dated ahead still waits for its date: Meta takes nothing from the future", async () => {
    const ahead = DAY + 10 * MINUTE;
    const { ingest, purchase, context, rows, store } = await openOutbox();
    await ingest(purchase({ ...HELD, eventTime: ahead, runAt: ahead }));
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + 10 })] }));
    expect(rows()).toMatchObject([{ hold: null, runAt: ahead }]);
  });

  it("that is dated ahead waits for its date also when the beacon came first", async () => {
    const ahead = DAY + 10 * MINUTE;
    const { ingest, purchase, context, rows, store } = await openOutbox();
    await store.ingest(writeOf({ contexts: [context()] }));
    await ingest(purchase({ ...HELD, eventTime: ahead, runAt: ahead }));
    expect(rows()).toMatchObject([{ hold: null, runAt: ahead }]);
  });

  it("leaves with the beacon's click ids, whichever came first", async () => {
    for (const beaconFirst of [true, false]) {
      const pipeline = await testPipeline({ holdSeconds: 60 });
      const steps = [
        () => pipeline.webhook("orders/create", order()),
        () => pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN }),
      ];
      for (const step of beaconFirst ? steps.reverse() : steps) await step();
      await pipeline.drain();
      expect(pipeline.meta.received.map(({ body }) => body.user_data)).toMatchObject([
        { fbp: "fb.1.1763632800000.1234567890" },
      ]);
    }
  });
});
