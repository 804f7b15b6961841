import { createConnection } from "node:net";
import { openDatabase } from "~/db.server";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { type ShopifyStandIn, startShopify } from "../simulators/shopify/webhooks";
import { type AppProcess, startApp, tandem } from "./app-process";

export const SHOP = "tandem-demo.myshopify.com";
export const DATASET = "100200300400500";
const TOKEN = "EAAdemo";
const SECRET = "demo-secret";

/** App, Shopify and Meta, all on this machine. */
export interface Stage {
  app: AppProcess;
  shopify: ShopifyStandIn;
  meta: MetaStandIn;
  db: ReturnType<typeof openDatabase>;
  beaconKey: string;
  now: () => number;
  close(): Promise<void>;
}

interface Options {
  /** First of three ports: app, Shopify, Meta. */
  portBase: number;
  /** The SQLite file. */
  database: string;
  /** How long a web Purchase waits for its browser. */
  holdSeconds: number;
  /** ISO 8601; absent: now. */
  clock?: string;
}

/** A port that somebody else listens on. */
export class PortTaken extends Error {
  override name = "PortTaken";
}

export async function setStage({ portBase, database, holdSeconds, clock }: Options): Promise<Stage> {
  for (const port of [portBase, portBase + 1, portBase + 2]) await refuseTakenPort(port);
  const offset = clock === undefined ? 0 : Date.parse(clock) - Date.now();
  const now = () => Date.now() + offset;
  const appUrl = `http://127.0.0.1:${portBase}`;
  const meta = await startMeta({ port: portBase + 2, now, tokens: { [DATASET]: TOKEN } });
  const shopify = await startShopify({ app: appUrl, shop: SHOP, secret: SECRET, port: portBase + 1 });
  const env = {
    DATABASE_URL: `file:${database}`,
    SHOPIFY_API_KEY: "demo-key",
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: shopify.origin,
    META_GRAPH_URL: meta.origin,
    META_TR_URL: `${meta.origin}/tr`,
  };
  const flags = ["--shop", SHOP, "--dataset", DATASET, "--hold-seconds", String(holdSeconds), "--country", "US"];
  tandem(["shop", "connect", ...flags, "--token-stdin"], env, TOKEN);
  const db = openDatabase(env.DATABASE_URL);
  const { beaconKey } = await db.shop.findUniqueOrThrow({ where: { domain: SHOP } });
  const logFile = database.replace(/\.sqlite$/, ".log");
  const app = await startApp({ port: portBase, env, logFile, ...(clock === undefined ? {} : { clock }) });
  return {
    app,
    shopify,
    meta,
    db,
    beaconKey,
    now,
    close: async () => {
      await app.stop();
      await db.$disconnect();
      await shopify.close();
      await meta.close();
    },
  };
}

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

interface BeaconOptions {
  checkoutToken: string;
  marketing: boolean;
  saleOfData: boolean;
}

let visitors = 0;

/** Posts what the web pixel posts when a checkout is completed. */
export async function sendBeacon(
  { app, beaconKey, now }: Stage,
  { checkoutToken, marketing, saleOfData }: BeaconOptions,
): Promise<number> {
  visitors += 1;
  const response = await fetch(`${app.url}/collect`, {
    method: "POST",
    headers: { "content-type": "text/plain", "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7) Mobile/15E148" },
    body: JSON.stringify({
      v: 1,
      shop: SHOP,
      key: beaconKey,
      name: "checkout_completed",
      id: `sh-demo-${visitors}`,
      timestamp: new Date(now()).toISOString(),
      client_id: `demo-visitor-${visitors}`,
      checkout_token: checkoutToken,
      consent: { analytics: marketing, marketing, preferences: true, saleOfData },
      fbp: `fb.1.${now()}.${1_000_000_000 + visitors}`,
      url: "https://shop.example.com/checkouts/cn/secret/thank-you",
      tr: marketing ? "resolved" : "not_attempted",
    }),
  });
  return response.status;
}
