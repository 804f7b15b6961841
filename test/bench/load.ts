import { randomBytes } from "node:crypto";
import { openDatabase } from "~/db.server";
import { databaseAddress, storeEnv } from "~/env.server";
import { purchaseIdOfCheckout } from "~/events/event-id";
import { type ReceiveDeps, type Received, receiveBeacon, receiveWebhook } from "~/pipeline.server";
import { connect } from "~/settings/connect.server";
import { openRegistry } from "~/settings/registry.server";
import { beaconSchema } from "~/sources/beacon";
import { loadKeyring } from "~/store/keyring.server";
import { openStore, type Store } from "~/store/store.server";
import { checkoutCompleted, GIVEN } from "../fixtures/beacon";
import { prismaUrl } from "../support/database";
import { orderOf } from "./orders";

/** What a server of a bench is started with; the key is made anew with each call. */
export type BenchEnv = Record<"DATABASE_URL" | "ENCRYPTION_KEY", string>;

export function benchEnv(address: string): BenchEnv {
  const key = randomBytes(32).toString("base64");
  return { DATABASE_URL: prismaUrl(address), ENCRYPTION_KEY: key };
}

/** A shop with one dataset; its orders are not held back for the browser. */
export interface BenchShop {
  shop: string;
  /** Meta's number. */
  dataset: string;
}

export function benchShop(n: number): BenchShop {
  return { shop: `shop-${n}.myshopify.com`, dataset: String(100_000 + n) };
}

const HOUR_MS = 3_600_000;
const CALLERS = 256;

/** Opens a bench's database with these shops connected. */
export async function openConnected(env: BenchEnv, shops: readonly BenchShop[]): Promise<Connected> {
  const keyring = loadKeyring(storeEnv(env));
  const store = openStore(databaseAddress(storeEnv(env)));
  const db = openDatabase(env.DATABASE_URL);
  for (const { shop, dataset } of shops) {
    const connection = { shop, dataset, token: "EAAbench", testCode: null, holdSeconds: 0, country: "US" };
    await connect(store, keyring, connection, Date.now() - 24 * HOUR_MS);
  }
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
  return {
    store,
    db,
    deps: { store, registry, now: Date.now },
    close: async () => {
      await store.close();
      await db.$disconnect();
    },
  };
}

export interface Connected {
  store: Store;
  db: ReturnType<typeof openDatabase>;
  deps: ReceiveDeps;
  close(): Promise<void>;
}

/** Receives so many of something, in turn for each shop: all is due at once. */
export async function receiveAll(
  receive: (shop: string, number: number, deps: ReceiveDeps) => Promise<unknown>,
  shops: readonly BenchShop[],
  numbers: readonly number[],
  deps: ReceiveDeps,
): Promise<void> {
  const queue = numbers.values();
  const caller = async () => {
    for (const number of queue) await receive(shops[number % shops.length]?.shop ?? "", number, deps);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** What a shop sends: of 25 events one is an order, the others are pages and goods that were looked at. */
export async function receiveVisit(shop: string, number: number, deps: ReceiveDeps): Promise<void> {
  // Shops take turns, and each is to have its part of the orders.
  const nth = Math.floor(number / DATASETS_AT_MOST);
  if (nth % EVENTS_AN_ORDER === 0) await receiveOrder(shop, number, deps);
  else await receiveBrowsing(shop, number, nth % 3 === 0 ? PRODUCT_VIEWED : PAGE_VIEWED, deps);
}

const DATASETS_AT_MOST = 16;
const EVENTS_AN_ORDER = 25;

const PAGE_VIEWED = { name: "page_viewed" };
const PRODUCT_VIEWED = {
  name: "product_viewed",
  data: {
    currency: "USD",
    total: 29,
    lines: [
      {
        product: "9001",
        variant: "48001",
        sku: "TEE-BLK-M",
        vendor: "Example Goods",
        title: "Tee",
        quantity: 1,
        price: 29,
      },
    ],
  },
};

/** An order after the thank-you page of its shopper; answers what became of the order. */
export async function receiveOrder(shop: string, number: number, deps: ReceiveDeps): Promise<Received> {
  await receiveThankYouPage(shop, number, deps);
  const webhook = { topic: "orders/create", shop, webhookId: `order-${number}`, triggeredAt: null };
  return receiveWebhook({ ...webhook, body: freshOrder(number, deps.now()) }, deps);
}

/** The numbers from 0 on. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** An order that was placed a minute ago. */
function freshOrder(number: number, now: number): Record<string, unknown> {
  const at = new Date(now - 60_000).toISOString();
  return { ...orderOf(number), created_at: at, processed_at: at, updated_at: at };
}

/** The id of an order's Purchase. */
export function purchaseIdOf(number: number): string {
  return purchaseIdOfCheckout(tokenOf(number));
}

function tokenOf(number: number): string {
  return String(orderOf(number).checkout_token);
}

/** A visitor sees five things. */
const EVENTS_A_VISITOR = 5 * DATASETS_AT_MOST;

function receiveBrowsing(shop: string, number: number, seen: object, deps: ReceiveDeps): Promise<Received> {
  return receiveFromBrowser(
    shop,
    { ...seen, id: `sh-${number}`, ...visitor(Math.floor(number / EVENTS_A_VISITOR)) },
    deps,
  );
}

function receiveThankYouPage(shop: string, number: number, deps: ReceiveDeps): Promise<Received> {
  const completed = { ...checkoutCompleted, checkout_token: tokenOf(number), id: `sh-${number}` };
  return receiveFromBrowser(shop, { ...completed, ...visitor(number) }, deps);
}

function visitor(number: number): object {
  return { client_id: `visitor-${number}`, fbp: `fb.1.1763632800000.${1_000_000 + number}` };
}

async function receiveFromBrowser(shop: string, said: object, deps: ReceiveDeps): Promise<Received> {
  const beacon = beaconSchema.parse({
    v: 1,
    shop,
    key: deps.registry.shop(shop)?.beaconKey,
    timestamp: new Date(deps.now()).toISOString(),
    consent: GIVEN,
    url: "https://shop.example.com/products/tee",
    tr: "resolved",
    ...said,
  });
  return receiveBeacon(
    { beacon, ip: "203.0.113.7", userAgent: "Mozilla/5.0 (Macintosh) Safari/605.1", globalPrivacyControl: false },
    deps,
  );
}
