import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { storeEnv } from "~/env.server";
import { openLog } from "~/log.server";
import { receiveBeacon, receiveWebhook } from "~/pipeline.server";
import { openRuntime } from "~/runtime.server";
import { connect } from "~/settings/connect.server";
import { beaconSchema } from "~/sources/beacon";
import { order } from "../fixtures/order";
import { closing } from "../server/stand-ins";
import { startMeta } from "../simulators/meta/server";
import { freshDatabase, prismaUrl } from "../support/database";
import { DATASET, SHOP, TOKEN } from "../support/pipeline";

const MINUTE = 60_000;

/** The runtime as the server opens it; what arrives is stored, and nobody is told of it. */
async function openUntold() {
  const path = freshDatabase();
  const meta = closing(await startMeta());
  const env = storeEnv({
    DATABASE_URL: prismaUrl(path),
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    META_GRAPH_URL: meta.origin,
  });
  const runtime = closing(
    await openRuntime(env, {
      log: openLog("silent"),
      root: process.cwd(),
      appUrl: "https://tandem.example.com",
      graphqlOf: () => Promise.reject(new Error("no session")),
    }),
  );
  const shop = { shop: SHOP, dataset: DATASET, token: TOKEN, testCode: null, holdSeconds: 0, country: "AU" };
  await connect(runtime.store, runtime.keyring, shop, Date.now() - MINUTE);
  await runtime.registry.refresh();
  return {
    meta,
    /** Resolves when it is committed. */
    place: (id: number) => {
      const body = order({ id, checkoutToken: null, country: "AU", at: new Date().toISOString() });
      const topic = "orders/create";
      return receiveWebhook({ topic, shop: SHOP, body, webhookId: `w-${id}`, triggeredAt: null }, runtime);
    },
    /** The same for a page that was seen. */
    view: (id: string) => {
      const beacon = beaconSchema.parse({
        v: 1,
        shop: SHOP,
        key: runtime.registry.shop(SHOP)?.beaconKey,
        name: "page_viewed",
        id,
        timestamp: new Date().toISOString(),
        client_id: "visitor-0001",
        consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
        url: "https://shop.example.com/",
        tr: "resolved",
      });
      return receiveBeacon(
        { beacon, ip: "203.0.113.7", userAgent: "Mozilla/5.0 Safari/605.1", globalPrivacyControl: false },
        runtime,
      );
    },
  };
}

it("an order is at Meta within two seconds although every hint was dropped", async () => {
  const { meta, place } = await openUntold();
  // At any moment between two looks.
  await sleep(Math.random() * 1_000);
  await place(1);
  const committed = performance.now();
  await vi.waitFor(() => expect(meta.counted()).toHaveLength(1), { timeout: 4_000, interval: 10 });
  expect(performance.now() - committed).toBeLessThan(2_000);
});

it("orders that come within two seconds leave together, and take page views with them", async () => {
  const { meta, place, view } = await openUntold();
  await view("sh-0001");
  await place(1);
  await sleep(700);
  await place(2);
  await vi.waitFor(() => expect(meta.counted()).toHaveLength(3), { timeout: 4_000 });
  expect(meta.deliveries().map(({ events }) => events)).toEqual([3]);
});

it("a page view alone waits for company", async () => {
  const { meta, view } = await openUntold();
  await view("sh-0001");
  await sleep(4_000);
  expect(meta.deliveries()).toEqual([]);
  await vi.waitFor(() => expect(meta.counted()).toHaveLength(1), { timeout: 8_000 });
}, 30_000);
