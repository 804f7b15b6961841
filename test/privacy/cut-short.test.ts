import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { redactCustomer } from "~/privacy/redaction.server";
import { trailOf } from "~/privacy/trail.server";
import type { Whom } from "~/privacy/whom";
import type { Store } from "~/store/store.server";
import { DAY_MS } from "../pipeline/seen";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { CUSTOMER, CUSTOMER_KEY, customerLives, customerWaits, othersLive } from "./traces";

/** As Shopify names them: by the customer, and by some of the orders. */
const WHOM: Whom = { keys: { external_id: [CUSTOMER_KEY] }, orders: ["5550001"] };

async function lived(): Promise<TestPipeline> {
  const pipeline = await testPipeline({ country: "US" });
  await othersLive(pipeline, 0, 3);
  await customerLives(pipeline);
  await customerWaits(pipeline);
  await pipeline.seal();
  return pipeline;
}

function redact(pipeline: TestPipeline, store: Store = pipeline.store) {
  return redactCustomer(WHOM, pipeline.shop(), { store, db: pipeline.db, now: pipeline.clock.now });
}

/** A store whose process dies at its nth write, before it. */
function dyingAt(store: Store, n: number): Store {
  let writes = 0;
  const dies = (write: (...asked: never[]) => unknown) => {
    return (...asked: never[]) => {
      if (writes === n) throw new Error("killed");
      writes += 1;
      return write(...asked);
    };
  };
  return {
    ...store,
    redactEvents: dies(store.redactEvents) as Store["redactEvents"],
    forgetContexts: dies(store.forgetContexts) as Store["forgetContexts"],
    forgetBrowserCopies: dies(store.forgetBrowserCopies) as Store["forgetBrowserCopies"],
    eraseLedgerOrders: dies(store.eraseLedgerOrders) as Store["eraseLedgerOrders"],
  };
}

/** Of all that the customer left: rows that hold on to them by any column. */
async function leftOf({ db }: TestPipeline): Promise<string[]> {
  const events = await db.event.findMany({ where: { NOT: { eventId: { startsWith: "redacted." } } } });
  const theirs = events.filter(({ eventId }) => !/other/.test(eventId));
  const othersKeys = [0, 1, 2].map((n) => `customer.${sha256Hex(String(7_000_000 + n))}`);
  const contexts = await db.browserContext.findMany({
    where: { NOT: [{ key: { contains: "other" } }, { key: { in: othersKeys } }] },
  });
  const copies = await db.browserCopy.findMany({ where: { NOT: { eventId: { contains: "other" } } } });
  const lines = await db.ledgerLine.findMany({ where: { eventId: { not: null } } });
  return [
    ...theirs.map(({ name, eventId }) => `event ${name} ${eventId}`),
    ...contexts.map(({ key }) => `context ${key}`),
    ...copies.map(({ name, eventId }) => `copy ${name} ${eventId}`),
    ...lines.filter(({ eventId }) => !eventId?.includes("other")).map(({ n }) => `line ${n}`),
  ];
}

describe("an erasure that is cut short", () => {
  it.each([0, 1, 2, 3, 4])("before its write %s finds all that is left when it begins again", async (n) => {
    const pipeline = await lived();
    expect((await leftOf(pipeline)).length).toBeGreaterThan(10);
    await expect(redact(pipeline, dyingAt(pipeline.store, n))).rejects.toThrow("killed");
    expect(await redact(pipeline)).toMatchObject({ did: "erased" });
    expect(await leftOf(pipeline)).toEqual([]);
  });

  it("leaves others as they are", async () => {
    const pipeline = await lived();
    const others = () => pipeline.db.event.findMany({ where: { eventId: { contains: "other" } } });
    const before = await others();
    await redact(pipeline);
    expect(await others()).toEqual(before);
  });
});

describe("an erasure", () => {
  it("finds what comes to be of the customer while it is under way", async () => {
    const pipeline = await lived();
    let told = false;
    const store: Store = {
      ...pipeline.store,
      async forgetContexts(...asked) {
        const forgotten = await pipeline.store.forgetContexts(...asked);
        if (!told) {
          told = true;
          await pipeline.beacon({
            name: "page_viewed",
            id: "sh-meanwhile",
            user_data: { external_id: [CUSTOMER_KEY] },
          });
        }
        return forgotten;
      },
    };
    expect(await redact(pipeline, store)).toMatchObject({ did: "erased" });
    const trail = await trailOf(WHOM, pipeline.shop(), pipeline.db);
    expect({ events: trail.events, contexts: trail.contexts }).toEqual({ events: [], contexts: [] });
  });

  it("leaves no checkout among what is still to be counted", async () => {
    const pipeline = await lived();
    await pipeline.beacon({ name: "checkout_completed", id: "sh-again", checkout_token: "waiting-checkout-0003" });
    const waiting = () => pipeline.db.$queryRawUnsafe(`SELECT "copies" FROM "CopiesToCount"`);
    expect(JSON.stringify(await waiting())).toContain("waiting-checkout-0003");
    await redact(pipeline);
    expect(await waiting()).toEqual([]);
  });

  it("takes an order out of a line that has outlived its row", async () => {
    const pipeline = await lived();
    await pipeline.db.event.deleteMany({ where: { orderId: "5550001" } });
    await redact(pipeline);
    expect(await pipeline.db.ledgerLine.count({ where: { order: "5550001" } })).toBe(0);
  });

  it("is not asked to find a registration whose customer nobody knows any more", async () => {
    const pipeline = await lived();
    pipeline.clock.pass(91 * DAY_MS);
    await pipeline.store.forget("bytes", pipeline.clock.now() - 7 * DAY_MS, 1_000);
    await pipeline.store.forget("facts", pipeline.clock.now() - 90 * DAY_MS, 1_000);
    expect(await pipeline.db.event.count({ where: { eventId: { contains: String(CUSTOMER) } } })).toBe(0);
  });
});
