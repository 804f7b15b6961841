import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { testPipeline } from "../support/pipeline";
import { accepted, type Outbox, openOutbox, TOKEN, withheld, writeOf } from "./support/outbox";

const WEEK = 7 * 24 * 3_600_000;
const WITHHELD = { outcome: "withheld", reason: "no_consent_signal" } as const;

/** A Purchase that ended as withheld because no signal came. */
async function openWithheld(reason = "no_consent_signal"): Promise<Outbox> {
  const outbox = await openOutbox();
  await outbox.ingest(outbox.purchase());
  await outbox.claim("first");
  await outbox.settle("first", [withheld(1, reason)]);
  return outbox;
}

describe("a Purchase withheld for want of a consent signal", () => {
  it("is reopened by a consenting beacon of its checkout", async () => {
    const { store, context, rows } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + 1_000 })] }));
    expect(rows()).toMatchObject([
      { outcome: "waiting", reason: null, runAt: DAY + 1_000, reopened: 1, matchKeys: '{"em":["aa"]}' },
    ]);
  });

  it("stays as it is when the beacon refuses", async () => {
    const { store, context, rows } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context({ consenting: false })] }));
    expect(rows()).toMatchObject([{ ...WITHHELD, reopened: 0 }]);
  });

  it("is not reopened a second time", async () => {
    const { store, context, rows, claim, settle } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context()] }));
    await claim("second");
    await settle("second", [withheld(1, "no_consent_signal")]);
    await store.ingest(writeOf({ contexts: [context()] }));
    expect(rows()).toMatchObject([{ ...WITHHELD, reopened: 1 }]);
  });

  it("is not reopened beyond Meta's seven days, and is just within them", async () => {
    const { store, context, rows } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + WEEK })] }));
    expect(rows()).toMatchObject([WITHHELD]);
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + WEEK - 1 })] }));
    expect(rows()).toMatchObject([{ outcome: "waiting" }]);
  });

  it("is not reopened by another checkout's beacon", async () => {
    const { store, context, rows } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context({ key: "checkout.x", checkoutToken: "x" })] }));
    expect(rows()).toMatchObject([WITHHELD]);
  });

  it("no longer says when it ended, once it waits again", async () => {
    const { store, context, rows } = await openWithheld();
    await store.ingest(writeOf({ contexts: [context()] }));
    expect(rows()).toMatchObject([{ outcome: "waiting", settledAt: null }]);
  });
});

describe("what else ended", () => {
  it.each(["consent_refused", "disconnected", "uninstalled"])("withheld as %s is not reopened", async (reason) => {
    const { store, context, rows } = await openWithheld(reason);
    await store.ingest(writeOf({ contexts: [context()] }));
    expect(rows()).toMatchObject([{ outcome: "withheld", reason }]);
  });

  it("accepted is not reopened", async () => {
    const { store, context, rows, ingest, purchase, claim, settle } = await openOutbox();
    await ingest(purchase());
    await claim("a");
    await settle("a", [accepted(1)]);
    await store.ingest(writeOf({ contexts: [context()] }));
    expect(rows()).toMatchObject([{ outcome: "accepted" }]);
  });
});

describe("an order from Germany", () => {
  const consent = { analytics: true, marketing: true, preferences: true, saleOfData: true };

  it("waits for a signal, is withheld without one, and is sent once when the shopper consents later", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    pipeline.clock.pass(60_000);
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([WITHHELD]);

    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, consent });
    await pipeline.drain();
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, consent });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "accepted", reopened: true, matchKeys: null }]);
    expect(pipeline.meta.received.map(({ event_name }) => event_name)).toEqual(["Purchase"]);
  });

  it("is withheld as refused, at once and with its keys forgotten, when the beacon refuses", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.beacon({
      name: "checkout_completed",
      checkout_token: TOKEN,
      consent: { ...consent, marketing: false },
    });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([
      { outcome: "withheld", reason: "consent_refused", matchKeys: null, browser: null },
    ]);
    expect(pipeline.meta.requests).toEqual([]);
  });
});
