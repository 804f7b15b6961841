import { openDatabase } from "~/db.server";
import { type ReceiveDeps, receiveBeacon, receiveWebhook } from "~/pipeline.server";
import { connect } from "~/settings/connect.server";
import { openRegistry } from "~/settings/registry.server";
import { beaconSchema } from "~/sources/beacon";
import type { Keyring } from "~/store/keyring.server";
import { freshKey } from "~/store/seal.server";
import { openStore } from "~/store/store.server";
import { checkoutCompleted, GIVEN } from "../fixtures/beacon";
import { prismaUrl } from "../support/database";
import { orderOf } from "./orders";
import { type Databases, openDatabases } from "./stores";

/** What one kind of load did in one store; medians of all turns. */
interface CommitFigures {
  /** Messages per second, from the parsed body until it is committed. */
  per_second: number;
  /** Microseconds of this process for each; what the database's own process takes is not in it. */
  cpu_us: number;
}

/** By `<store>.<load>.<callers>`. */
export type CommitResult = Record<string, CommitFigures>;

const SHOP = "example-shop.myshopify.com";
const NOW = Date.UTC(2026, 10, 20, 12);
const CALLERS = [64, 256];
const ORDERS = 2_000;
const ROUNDS = 5;

type Message = (deps: ReceiveDeps) => Promise<unknown>;

/** The loads: what comes of one order, in the order in which it is said. */
const LOADS: Record<string, (n: number) => Message[]> = {
  /** Its first webhook, and nobody was seen. */
  orders: (n) => [order(n, "orders/create")],
  /** The thank-you page of its shopper, both webhooks of it, and the later word that Shopify never spares anybody. */
  with_browser: (n) => [
    thankYouPage(n),
    order(n, "orders/create"),
    order(n, "orders/paid"),
    order(n, "orders/updated"),
  ],
};

/** How fast what arrives is stored, by store, load and number of senders that each wait for their answer. */
export async function benchCommit(): Promise<CommitResult> {
  const stores = await openDatabases();
  const turns = new Map<string, CommitFigures[]>();
  try {
    // The first round warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [load, messagesOf] of Object.entries(LOADS)) {
        for (const callers of CALLERS) {
          // One after the other, so that whatever else the machine does meets both alike.
          for (const store of stores) {
            const figures = await turn(store, messagesOf, callers);
            const name = `${store.name}.${load}.${callers}`;
            if (round > 0) turns.set(name, [...(turns.get(name) ?? []), figures]);
          }
        }
      }
    }
  } finally {
    for (const store of stores) store.close();
  }
  return Object.fromEntries([...turns].map(([name, figures]) => [name, medians(figures)]));
}

async function turn(databases: Databases, messagesOf: (n: number) => Message[], callers: number) {
  const { address, remove } = databases.fresh();
  const store = openStore(address);
  const db = openDatabase(prismaUrl(address));
  const keyring: Keyring = [freshKey()];
  const connection = { shop: SHOP, dataset: "1234567890", token: "t", testCode: null, holdSeconds: 60, country: "US" };
  await connect(store, keyring, connection, NOW - 7 * 24 * 3_600_000);
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
  await registry.refresh();
  const deps = { store, registry, now: () => NOW };
  const messages = Array.from({ length: ORDERS }, (_, n) => messagesOf(n)).flat();
  try {
    return await measured(messages, callers, deps);
  } finally {
    await store.close();
    await db.$disconnect();
    remove();
  }
}

async function measured(messages: Message[], callers: number, deps: ReceiveDeps): Promise<CommitFigures> {
  const queue = messages.values();
  const caller = async () => {
    for (const message of queue) await message(deps);
  };
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { per_second: messages.length / seconds, cpu_us: (user + system) / messages.length };
}

function order(n: number, topic: string): Message {
  const body = orderOf(n);
  const arrival = { topic, shop: SHOP, body, webhookId: `${topic}-${n}`, triggeredAt: null };
  return (deps) => receiveWebhook(arrival, deps);
}

function thankYouPage(n: number): Message {
  const said = {
    ...checkoutCompleted,
    v: 1,
    shop: SHOP,
    checkout_token: String(orderOf(n).checkout_token),
    id: `sh-${n}`,
    timestamp: new Date(NOW).toISOString(),
    client_id: `visitor-${n}`,
    consent: GIVEN,
    fbp: `fb.1.1763632800000.${1_000_000 + n}`,
    url: "https://shop.example.com/checkouts/thank-you",
    tr: "resolved",
  };
  const arrived = { ip: "203.0.113.7", userAgent: "Mozilla/5.0 (Macintosh) Safari/605.1", globalPrivacyControl: false };
  return (deps) => {
    const beacon = beaconSchema.parse({ ...said, key: deps.registry.shop(SHOP)?.beaconKey });
    return receiveBeacon({ beacon, ...arrived }, deps);
  };
}

function medians(figures: CommitFigures[]): CommitFigures {
  return {
    per_second: Math.round(median(figures.map(({ per_second }) => per_second))),
    cpu_us: Math.round(median(figures.map(({ cpu_us }) => cpu_us))),
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
