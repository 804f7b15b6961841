import { expect, it, onTestFinished } from "vitest";
import type { ContextWrite, IngestWrite } from "~/store/rows";
import { openStore } from "~/store/store.server";
import { DAY } from "../support/clock";
import { enrichmentOf, numbered, type Outbox, openOutbox, writeOf } from "./support/outbox";

const WRITERS = 4;
const WRITES = 300;
const ORDERS = 40;
const VISITORS = 25;

/** Numbers below `below`, the same in every run (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Remembers that it was told by adding its name. */
function told(outbox: Outbox, key: string, name: string): ContextWrite {
  const join: ContextWrite["join"] = (stored) => ({
    browser: stored === null ? name : `${stored.browser} ${name}`,
    matchKeys: null,
    consent: null,
  });
  return outbox.context({ key, checkoutToken: key.startsWith("checkout.") ? key.slice(9) : null, join });
}

/** What one message may bring: some of it about what others tell of at the same time. */
function writeAbout(name: string, outbox: Outbox, roll: (below: number) => number): IngestWrite {
  const { shopId, datasetId, purchase } = outbox;
  const order = roll(ORDERS) + 1;
  const token = `token${order}`;
  const event = purchase({ ...numbered(order), eventId: `purchase.${token}`, checkoutToken: token, webhookId: name });
  const copy = {
    shopId,
    datasetId,
    name: "Purchase",
    eventId: event.eventId,
    tr: "resolved",
    receivedAt: DAY,
    told: null,
    keyAccount: "",
    device: "",
  } as const;
  const product = {
    shopId,
    product: String(roll(10)),
    type: name,
    vendor: null,
    tags: null,
    toldAt: DAY,
    deleted: false,
  };
  return writeOf({
    contexts: [`client.${roll(VISITORS)}`, `checkout.${token}`]
      .filter(() => roll(3) === 0)
      .map((key) => told(outbox, key, name)),
    events: roll(3) === 0 ? [] : [event],
    enrichments: roll(3) === 0 ? [enrichmentOf(shopId, { orderId: String(order), matchKeys: '{"ph":["x"]}' })] : [],
    browserCopies: roll(2) === 0 ? [copy] : [],
    products: roll(4) === 0 ? [product] : [],
  });
}

it("several writers may tell of the same orders, browsers and products at once: everything is there once", async () => {
  const outbox = await openOutbox();
  const stores = Array.from({ length: WRITERS }, () => openStore(outbox.path));
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  const written: { name: string; write: IngestWrite }[] = [];
  let inserted = 0;

  await Promise.all(
    stores.flatMap((store, writer) => {
      const roll = dice(writer + 1);
      const names = Array.from({ length: WRITES }, (_, n) => `${writer}-${n}`).values();
      const sender = async () => {
        for (const name of names) {
          const write = writeAbout(name, outbox, roll);
          written.push({ name, write });
          const result = await store.ingest(write);
          inserted += result.inserted;
        }
      };
      return Array.from({ length: 16 }, sender);
    }),
  );

  const orders = new Set(written.flatMap(({ write }) => write.events.map(({ orderId }) => orderId)));
  expect(
    outbox
      .rows()
      .map(({ orderId }) => orderId)
      .sort(),
  ).toEqual([...orders].sort());
  expect(inserted).toBe(orders.size);
  const expected = written.flatMap(({ name, write }) => write.contexts.map(({ key }) => `${key} ${name}`));
  const remembered = outbox.reader
    .all<{ key: string; browser: string }>(`SELECT "key", "browser" FROM "BrowserContext"`)
    .flatMap(({ key, browser }) => browser.split(" ").map((name) => `${key} ${name}`));
  expect(remembered.sort()).toEqual(expected.sort());
});

it("several people may save settings at once: what each changed is there", async () => {
  const outbox = await openOutbox();
  const names = Array.from({ length: 12 }, (_, n) => `saved${n}`);
  await Promise.all(
    names.map((name) =>
      outbox.store.changeSettings(outbox.shopId, (stored) => JSON.stringify({ ...JSON.parse(stored), [name]: true })),
    ),
  );
  const [shop] = outbox.reader.all<{ settings: string }>(`SELECT "settings" FROM "Shop"`);
  expect(Object.keys(JSON.parse(shop?.settings ?? "{}")).sort()).toEqual([...names].sort());
});
