import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "~/settings/connect.server";
import { sealKey } from "~/store/seal.server";
import { seededRandom } from "../faults/random";
import { startServerProcess } from "../faults/server-process";
import type { FaultStore } from "../faults/store";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { type ShopifyAuth, startShopifyAuth } from "../simulators/shopify/auth";
import { type Aim, digits, hex } from "./attack";
import { type Canary, canariesOf } from "./leaks";
import { beaconOf, collect, orderOf, visit, webhook } from "./messages";
import { adminRoutes, type Route } from "./routes";
import { APP, ATTACKER, SHOPPER, type Shop, VICTIM } from "./shops";
import { openTables, type Tables } from "./tables";
import { type Answer, type Asked, openWire, type Wire } from "./wire";

/** A server with two shops, and what surrounds it. */
export interface Scene {
  aim: Aim;
  wire: Wire;
  pid: number;
  meta: MetaStandIn;
  shopify: ShopifyAuth;
  tables: Tables;
  canaries: readonly Canary[];
  /** All that the server has said. */
  log(): string;
  /** Its last words, once it has ended; null: it lives. */
  ended(): string | null;
  /** What nobody sees from outside, see watch.mjs. */
  look(): Promise<{ polluted: boolean; heap: number }>;
  close(): Promise<void>;
}

const SETTLED_MS = 20_000;
const LOOK_MS = 5_000;
/** An order is told only to a dataset that was connected before it. */
const CONNECTED_BEFORE_MS = 3_600_000;

/** Two shops with a dataset each, staff that has signed in, and an order that was told to Meta: all that may not be touched. */
export async function openScene(store: FaultStore, seed: number): Promise<Scene> {
  const meta = await startMeta({
    tokens: { [VICTIM.dataset]: VICTIM.token, [ATTACKER.dataset]: ATTACKER.token },
  });
  const shopify = await startShopifyAuth(APP);
  const key = randomBytes(32);
  let words = "";
  let lastWords: string | null = null;
  await store.withStore(async (open) => {
    for (const { domain, dataset, token } of [VICTIM, ATTACKER]) {
      const connection = { shop: domain, dataset, token, testCode: null, holdSeconds: 0, country: null };
      await connect(open, [sealKey(key)], connection, Date.now() - CONNECTED_BEFORE_MS);
    }
  });
  const server = startServerProcess({
    env: {
      SHOPIFY_API_KEY: APP.key,
      SHOPIFY_API_SECRET: APP.secret,
      SHOPIFY_APP_URL: "http://localhost",
      SHOPIFY_STAND_IN: shopify.origin,
      DATABASE_URL: store.url,
      ENCRYPTION_KEY: key.toString("base64"),
      META_GRAPH_URL: meta.origin,
      LISTEN_HOST: "127.0.0.1",
      PORT: "0",
    },
    clock: new Date().toISOString(),
    imports: ["./test/simulators/shopify/preload.mjs", "./test/abuse/watch.mjs"],
    onWords: (said) => {
      words += said;
    },
  });
  void server.ended.then((said) => {
    lastWords = said;
  });
  const tables = openTables(store.url);
  const close = async () => {
    await server.kill();
    await Promise.all([meta.close(), shopify.close(), tables.close()]);
  };
  try {
    await server.listening();
    const wire = openWire(server.origin() ?? "");
    const shops = await tables.shops();
    const [victim, attacker] = [VICTIM, ATTACKER].map((shop): Shop => {
      const row = shops.find(({ domain }) => domain === shop.domain);
      if (row === undefined) throw new Error(`${shop.domain} was not connected`);
      return { ...shop, row: row.id, beaconKey: row.beaconKey };
    }) as [Shop, Shop];
    const aim = await prepare({ victim, attacker, wire, tables, seed });
    return {
      aim,
      wire,
      pid: server.pid,
      meta,
      shopify,
      tables,
      canaries: canariesOf({ aim, key, tokens: shopify.exchanges.flatMap(({ accessToken }) => accessToken ?? []) }),
      log: () => words,
      ended: () => lastWords,
      look: async () => {
        const from = words.length;
        process.kill(server.pid, "SIGUSR2");
        const deadline = performance.now() + LOOK_MS;
        for (;;) {
          const line = /\{"watch":.*\}/.exec(words.slice(from))?.[0];
          if (line !== undefined) return JSON.parse(line).watch;
          if (performance.now() > deadline) throw new Error("the server does not say how it is inside");
          await sleep(20);
        }
      },
      close: async () => {
        wire.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Stage {
  victim: Shop;
  attacker: Shop;
  wire: Wire;
  tables: Tables;
  seed: number;
}

/** Honest days: staff signs in, a rule is made, somebody buys. Waits until Meta has been told. */
async function prepare({ victim, attacker, wire, tables, seed }: Stage): Promise<Aim> {
  const random = seededRandom(seed, "honest");
  const routes = adminRoutes();
  const route = (id: string): Route => {
    const found = routes.find((one) => one.id === id);
    if (found === undefined) throw new Error(`the build has no ${id}`);
    return found;
  };
  const must = async (asked: Asked, statuses: readonly number[]) => honest(asked, await wire.ask(asked), statuses);
  for (const shop of [victim, attacker]) {
    await must(visit(shop, route("routes/app._index"), "page"), [200]);
    const rule = {
      name: `Rule of ${shop.domain.split("-")[0]}`,
      base: "Purchase",
      when: { all: [{ field: "country", is: "any_of", words: ["US"] }] },
    };
    const fields = { intent: "save", rule: JSON.stringify(rule) };
    await must(visit(shop, route("routes/app.rules.$key"), "action", { fields }), [200, 204, 302]);
  }
  const names = { id: digits(random), token: hex(random, 32) };
  const person = { email: SHOPPER.email, billing_address: SHOPPER, shipping_address: SHOPPER };
  const begun = beaconOf(victim, hex(random, 24), { name: "checkout_started", checkout_token: names.token });
  await must(collect(JSON.stringify(begun)), [204]);
  await must(webhook(victim, JSON.stringify(orderOf(names, person))), [200]);
  const asked = { customer: { id: 8880001, email: SHOPPER.email }, orders_requested: [] };
  await must(webhook(victim, JSON.stringify(asked), { topic: "customers/data_request" }), [200]);
  const other = { id: digits(random), token: hex(random, 32) };
  await must(webhook(attacker, JSON.stringify(orderOf(other))), [200]);
  for (let waited = 0; (await tables.waiting()) > 0; waited += 100) {
    if (waited > SETTLED_MS) throw new Error("the honest orders were not settled");
    await sleep(100);
  }
  const { delivery, rule, request } = await tables.rowsOf(victim.row);
  return {
    victim,
    attacker,
    routes,
    ids: { dataset: victim.dataset, delivery, rule, request, order: names.id, event: `purchase.${names.token}` },
    host: wire.host,
  };
}

function honest({ method, path }: Asked, answer: Answer, statuses: readonly number[]): void {
  if (answer.status !== null && statuses.includes(answer.status)) return;
  throw new Error(`an honest ${method} ${path} was answered ${answer.status}: ${answer.body.slice(0, 300)}`);
}
