import { rmSync } from "node:fs";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "~/db.server";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { openShopper, type Shopper, type ShopperOptions } from "../simulators/shopify/storefront/shopper";
import { openStorefront, type Storefront } from "../simulators/shopify/storefront/storefront";
import { PEOPLE } from "../simulators/shopify/storefront/tables/people";
import { type ShopifyStandIn, startShopify } from "../simulators/shopify/webhooks";
import { startApp, tandem } from "./app-process";

/** The merchant's view, and what they were given at Meta. */
export const SHOP = "tandem-demo.myshopify.com";
export const DATASET = "100200300400500";
export const TOKEN = "EAAdemo";
const KEY = "demo-key";
const SECRET = "demo-secret";
const BUNDLE = "extensions/meta-pixel/dist/meta-pixel.js";

/** Neither the app nor Shopify talks to what calls itself a bot. */
const MERCHANT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/** App, Shopify with its storefront, and Meta, all on this machine. */
export interface Stage {
  shopify: ShopifyStandIn;
  storefront: Storefront;
  meta: MetaStandIn;
  db: ReturnType<typeof openDatabase>;
  now: () => number;
  /** Everybody lives on at another time (ISO 8601); the app is started anew. */
  travel(to: string): Promise<void>;
  /** Somebody runs a command beside the app; answers its data. */
  command(...args: string[]): Promise<string>;
  /** Somebody new at the shop's door. */
  shopper(who: Pick<ShopperOptions, "country" | "consent" | "blocked">): Shopper;
  close(): Promise<void>;
}

interface Options {
  /** First of three ports: app, Shopify, Meta. */
  portBase: number;
  /** The SQLite file, or the address of a PostgreSQL database. */
  database: string;
  /** Where the app's log goes; absent: beside the SQLite file. */
  logFile?: string;
  /** Connected and opened before the play begins, with so long a hold; absent: the merchant has yet to come. */
  holdSeconds?: number;
  /** Shops without a storefront, connected beside it to the same dataset. */
  others?: readonly { shop: string; country: string }[];
  /** The merchant has switched Tandem's app embed on in the theme editor. */
  cartSignals?: boolean;
  /** ISO 8601; absent: now. */
  clock?: string;
  /** Runs the app's sources with hot reload in place of the build. */
  dev?: boolean;
  /** What the app's environment has besides. */
  env?: Record<string, string>;
}

/** A port that somebody else listens on. */
export class PortTaken extends Error {
  override name = "PortTaken";
}

export async function setStage(options: Options): Promise<Stage> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    return { ...(await openStage(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `opened`: how to end what was started, in the order in which it was. */
async function openStage(
  {
    portBase,
    database,
    logFile = database.replace(/\.sqlite$/, ".log"),
    holdSeconds,
    others = [],
    cartSignals = false,
    clock,
    dev = false,
    env: more = {},
  }: Options,
  opened: (() => Promise<unknown>)[],
): Promise<Omit<Stage, "close">> {
  for (const port of [portBase, portBase + 1, portBase + 2]) await refuseTakenPort(port);
  let offset = clock === undefined ? 0 : Date.parse(clock) - Date.now();
  const now = () => Date.now() + offset;
  const meta = await startMeta({ port: portBase + 2, now, tokens: { [DATASET]: TOKEN } });
  opened.push(() => meta.close());
  const storefront: Storefront = openStorefront({
    shop: SHOP,
    name: "Harbour & Heath",
    now,
    bundle: BUNDLE,
    url: () => shopify.origin,
    pixel: () => shopify.pixel()?.settings ?? null,
    cartSignals: () => cartSignals,
    deliver: (webhook) => shopify.deliver(webhook),
  });
  const shopify: ShopifyStandIn = await startShopify({
    app: `http://127.0.0.1:${portBase}`,
    shop: SHOP,
    key: KEY,
    secret: SECRET,
    port: portBase + 1,
    now,
    storefront,
  });
  opened.push(() => shopify.close());
  const env = {
    DATABASE_URL: database.startsWith("postgresql:") ? database : `file:${database}`,
    SHOPIFY_API_KEY: KEY,
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: shopify.origin,
    SHOPIFY_STAND_IN: shopify.origin,
    META_GRAPH_URL: meta.origin,
    META_TR_URL: `${meta.origin}/tr`,
    // The stand-in stands in front, as a proxy does in production.
    TRUSTED_PROXIES: "1",
    ...more,
  };
  if (holdSeconds !== undefined) {
    for (const { shop, country } of [{ shop: SHOP, country: "US" }, ...others]) {
      const flags = ["--shop", shop, "--dataset", DATASET, "--hold-seconds", String(holdSeconds), "--country", country];
      await tandem(["shop", "connect", ...flags, "--token-stdin"], env, { input: TOKEN });
    }
  }
  const db = openDatabase(env.DATABASE_URL);
  opened.push(() => db.$disconnect());
  rmSync(logFile, { force: true });
  const start = (at = clock) =>
    startApp({ port: portBase, env, logFile, dev, ...(at === undefined ? {} : { clock: at }) });
  let app = await start();
  opened.push(() => app.stop());
  if (holdSeconds !== undefined) await openApp(shopify, now);
  let shoppers = 0;
  return {
    shopify,
    storefront,
    meta,
    db,
    now,
    travel: async (to) => {
      await app.stop();
      offset = Date.parse(to) - Date.now();
      app = await start(to);
    },
    command: (...args) => tandem(args, env, { clock: new Date(now()).toISOString() }),
    shopper: (who) => {
      shoppers += 1;
      return openShopper({
        ...who,
        origin: shopify.origin,
        bundle: BUNDLE,
        now,
        person: PEOPLE[who.country],
        ip: `203.0.113.${shoppers % 250}`,
        userAgent: BROWSERS[shoppers % BROWSERS.length] ?? MERCHANT,
      });
    },
  };
}

const BROWSERS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
  "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
];

/** The merchant opens the app once, as after installing it: the app signs in and Shopify learns of the pixel. */
async function openApp(shopify: ShopifyStandIn, now: () => number): Promise<void> {
  let status = 0;
  for (let tries = 0; tries < OPEN_TRIES; tries += 1) {
    const query = new URLSearchParams({
      embedded: "1",
      shop: SHOP,
      host: Buffer.from(`admin.shopify.com/store/${SHOP.split(".")[0]}`).toString("base64url"),
      id_token: mintSessionToken({ key: KEY, secret: SECRET }, SHOP, { now: now() }),
    });
    // A token of an earlier Shopify is not known to this one: the app then asks the browser for a new one, and once more.
    const answer = await fetch(`${shopify.origin}/app?${query}`, {
      headers: { "user-agent": MERCHANT },
      redirect: "manual",
    });
    await answer.arrayBuffer();
    status = answer.status;
    if (status === 200 && shopify.pixel() !== null) return;
    await sleep(250);
  }
  throw new Error(`the app did not open in the shop's admin (${status}), or made no pixel`);
}

const OPEN_TRIES = 20;

async function refuseTakenPort(port: number): Promise<void> {
  const taken = await new Promise<boolean>((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (taken) throw new PortTaken(`port ${port} is in use; choose others with: npm run demo -- --port-base P`);
}
