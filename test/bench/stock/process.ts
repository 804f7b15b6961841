import "@shopify/shopify-app-remix/adapters/node";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { PrismaLibSQL } from "@prisma/adapter-libsql";
import { PrismaPg } from "@prisma/adapter-pg";
import type { PrismaClient } from "@prisma/client";
import { createRequestHandler } from "@remix-run/express";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { Session } from "@shopify/shopify-api";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import express from "express";
import { isPostgres } from "~/database-address";
import { answering, settingsOf } from "../child";
import type { FrontSettings } from "../front-settings";

/**
 * What Shopify's template makes of a webhook: a Remix route that calls authenticate.webhook, which reads the shop's session
 * through Prisma, and one create. Served by express as by remix-serve, without its log and its compression.
 * https://github.com/Shopify/shopify-app-template-remix
 */

interface StockSettings extends FrontSettings {
  /** Folder of its generated client. */
  client: string;
  tables: readonly string[];
}

/** The table that the schema of this folder has and the project's has not. */
type StockClient = PrismaClient & { webhook: { create(row: { data: Record<string, string> }): Promise<unknown> } };

const { url, secret, shop, client, tables } = settingsOf<StockSettings>();
const { PrismaClient: Client } = createRequire(import.meta.url)(client) as {
  PrismaClient: new (options: object) => StockClient;
};
const db = new Client({
  adapter: isPostgres(url) ? new PrismaPg({ connectionString: url }) : new PrismaLibSQL({ url }),
});
if (!isPostgres(url)) {
  // The file's own, and the only durability that an acknowledgement may have.
  await db.$queryRawUnsafe("PRAGMA journal_mode = WAL");
  await db.$queryRawUnsafe("PRAGMA synchronous = FULL");
}
for (const table of tables) await db.$executeRawUnsafe(table);

const sessions = new PrismaSessionStorage(db);
const session = new Session({ id: `offline_${shop}`, shop, state: "", isOnline: false });
session.accessToken = "shpat_bench";
session.scope = "read_orders";
await sessions.storeSession(session);

const shopify = shopifyApp({
  apiKey: "bench",
  apiSecretKey: secret,
  apiVersion: ApiVersion.July26,
  scopes: ["read_orders"],
  appUrl: "https://stock.example.com",
  authPathPrefix: "/auth",
  sessionStorage: sessions,
  distribution: AppDistribution.AppStore,
  future: { unstable_newEmbeddedAuthStrategy: true },
});

async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { payload, shop, topic, webhookId } = await shopify.authenticate.webhook(request);
  await db.webhook.create({ data: { webhookId, shop, topic, payload: JSON.stringify(payload) } });
  return new Response();
}

const id = "routes/webhooks";
const build: ServerBuild = {
  entry: { module: { default: () => new Response("there are no pages here", { status: 404 }) } },
  routes: { [id]: { id, path: "webhooks", module: { action, default: undefined } as never } },
  assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "bench" },
  publicPath: "/",
  assetsBuildDirectory: "",
  basename: "/",
  isSpaMode: false,
  mode: "production",
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: true,
  },
};

const app = express();
app.disable("x-powered-by");
app.all("*", createRequestHandler({ build, mode: "production" }));
const server = app.listen(0, "127.0.0.1", () => answering(questions));
server.keepAliveTimeout = 60_000;

const questions = {
  port: () => (server.address() as AddressInfo).port,
  /** How a commit gets to the disk. */
  durability: async () =>
    isPostgres(url)
      ? Object.values(((await db.$queryRawUnsafe("SHOW synchronous_commit")) as object[])[0] ?? {}).join()
      : Object.values(((await db.$queryRawUnsafe("PRAGMA synchronous")) as object[])[0] ?? {}).join(),
  stored: async () =>
    Number(Object.values(((await db.$queryRawUnsafe('SELECT count(*) FROM "Webhook"')) as object[])[0] ?? {})[0]),
};

export type FrontQuestions = typeof questions;
