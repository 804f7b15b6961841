import { pino } from "pino";
import { onTestFinished } from "vitest";
import { openDatabase } from "~/db.server";
import { MOST_EVENTS } from "~/delivery/batch";
import { openGraphPool } from "~/delivery/graph.server";
import { openPace } from "~/delivery/pace";
import { seal } from "~/ledger/sealer.server";
import type { Lookups } from "~/lookup/lookups";
import { actOnNotices, sweepErased } from "~/notices.server";
import { keptFor } from "~/outbox/retention";
import { openSlots } from "~/pipeline/slots";
import { type DrainDeps, drain, expireHeld, receiveBeacon, receiveWebhook } from "~/pipeline.server";
import { connect } from "~/settings/connect.server";
import { openRegistry, type Registry, type Shop } from "~/settings/registry.server";
import { type Beacon, beaconSchema, type Connection } from "~/sources/beacon";
import type { Keyring } from "~/store/keyring.server";
import { freshKey } from "~/store/seal.server";
import { openStore, type Store } from "~/store/store.server";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { type HeldClock, heldClock } from "./clock";
import { freshDatabase, prismaUrl } from "./database";

export const SHOP = "example-shop.myshopify.com";
export const DATASET = "1234567890";
export const TOKEN = "EAAtesttoken";

/** The whole way of an event on a database of its own, with a Meta stand-in and a clock that stands. */
export interface TestPipeline {
  path: string;
  clock: HeldClock;
  meta: MetaStandIn;
  store: Store;
  keyring: Keyring;
  db: ReturnType<typeof openDatabase>;
  registry: Registry;
  shop(): Shop;
  /** Hands over a webhook as the front does after it checked the signature. */
  webhook(topic: string, body: unknown, webhookId?: string): ReturnType<typeof receiveWebhook>;
  /** `connection`: what its request says of the browser, where that matters. */
  beacon(
    fields: Partial<Record<keyof Beacon, unknown>> & { name: string },
    connection?: Partial<Connection>,
  ): ReturnType<typeof receiveBeacon>;
  /** What a drain of this pipeline needs. */
  drainDeps(over?: Partial<DrainDeps>): DrainDeps;
  /** Drains every dataset of every shop once. */
  drain(over?: Partial<DrainDeps>): Promise<void>;
  connect(over?: {
    dataset?: string;
    token?: string;
    holdSeconds?: number | null;
    testCode?: string;
    /** When, epoch milliseconds; absent: now. */
    at?: number;
  }): Promise<void>;
  /** Acts on what notices ask for, and rids the files of what was erased. */
  notices(): Promise<void>;
  /** Tells the ledger what became of orders. */
  seal(): Promise<number>;
  /** Rows of the outbox, oldest first. */
  events(): Promise<EventRow[]>;
}

type EventRow = Awaited<ReturnType<ReturnType<typeof openDatabase>["event"]["findMany"]>>[number];

/** Shopify does not answer. */
export const NOBODY_TO_ASK: Lookups = {
  orders: async () => ({ told: new Map(), unasked: new Set() }),
  products: async () => ({ told: new Map(), unasked: new Set() }),
};

const HOUR_MS = 3_600_000;

interface Options {
  holdSeconds?: number;
  /** ISO alpha-2 of the shop itself. */
  country?: string;
  tokens?: Parameters<typeof startMeta>[0] extends infer O | undefined
    ? O extends { tokens?: infer T }
      ? T
      : never
    : never;
}

const CONNECTION: Connection = {
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (Macintosh) Safari/605.1",
  globalPrivacyControl: false,
};

export async function testPipeline({ holdSeconds = 0, country, tokens }: Options = {}): Promise<TestPipeline> {
  const path = freshDatabase();
  const clock = heldClock();
  const meta = await startMeta({ now: clock.now, ...(tokens === undefined ? {} : { tokens }) });
  const store = openStore(path);
  const db = openDatabase(prismaUrl(path));
  const keyring: Keyring = [freshKey()];
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
  const pool = openGraphPool((dispatch) => dispatch);
  onTestFinished(async () => {
    await store.close();
    await db.$disconnect();
    await pool.close();
    await meta.close();
  });

  const deps = { store, registry, now: clock.now };
  const pace = openPace(MOST_EVENTS, () => 0.5);
  let webhooks = 0;
  const pipeline: TestPipeline = {
    path,
    clock,
    meta,
    store,
    keyring,
    db,
    registry,
    shop: () => {
      const shop = registry.shop(SHOP);
      if (shop === undefined) throw new Error("the test's shop is not connected");
      return shop;
    },
    webhook: (topic, body, webhookId = `webhook-${++webhooks}`) =>
      receiveWebhook({ topic, shop: SHOP, body, webhookId, triggeredAt: null }, deps),
    beacon: (fields, connection) => {
      const beacon = beaconSchema.parse({
        v: 1,
        shop: SHOP,
        key: pipeline.shop().beaconKey,
        id: "sh-0000-0001",
        timestamp: new Date(clock.now()).toISOString(),
        client_id: "visitor-0001",
        consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
        fbp: "fb.1.1763632800000.1234567890",
        url: "https://shop.example.com/products/tee",
        tr: "resolved",
        ...fields,
      });
      return receiveBeacon({ beacon, ...CONNECTION, ...connection }, deps);
    },
    drainDeps: (over = {}) => ({
      store,
      registry,
      log: pino({ level: "silent" }),
      graph: { url: meta.origin, version: "v25.0", fetch: pool.fetch },
      now: clock.now,
      leaseNow: over.now ?? clock.now,
      keptContextMs: keptFor("context"),
      random: () => 0.5,
      stopping: () => false,
      lookups: NOBODY_TO_ASK,
      slots: openSlots(16),
      pace,
      mostEvents: MOST_EVENTS,
      ...over,
    }),
    drain: async (over = {}) => {
      await registry.refresh();
      const drainDeps = pipeline.drainDeps(over);
      for (const { datasets } of registry.all()) {
        for (const { id, heldReason } of datasets) {
          if (heldReason !== null) await expireHeld(id, drainDeps);
          await drain(id, drainDeps);
        }
      }
    },
    connect: async ({
      dataset = DATASET,
      token = TOKEN,
      holdSeconds: hold = holdSeconds,
      testCode,
      at = clock.now(),
    } = {}) => {
      await connect(
        store,
        keyring,
        { shop: SHOP, dataset, token, testCode: testCode ?? null, holdSeconds: hold, country: country ?? null },
        at,
      );
      await registry.refresh();
    },
    notices: async () => {
      await registry.refresh();
      const noticeDeps = { store, db, registry, now: clock.now, log: pino({ level: "silent" }) };
      await actOnNotices(noticeDeps);
      await sweepErased(noticeDeps);
      await registry.refresh();
    },
    seal: () => seal({ store, registry, now: clock.now, stopping: () => false }),
    events: () => db.event.findMany({ orderBy: { id: "asc" } }),
  };
  // Before the fixtures' orders were placed.
  await pipeline.connect({ at: clock.now() - HOUR_MS });
  return pipeline;
}
