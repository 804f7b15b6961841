import { spawnSync } from "node:child_process";
import { z } from "zod";
import { dataRequest } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { startShopifyAuth } from "../simulators/shopify/auth";
import { TOKEN } from "../support/pipeline";
import {
  API_KEY,
  API_SECRET,
  connectShop,
  freshHouse,
  type House,
  postWebhook,
  read,
  type Server,
  startServer,
  tokenOf,
  until,
} from "./processes";
import { closing } from "./stand-ins";

/** The admin of two shops that have nothing to do with each other, in a real process; the first has something of everything. */
export interface Admin {
  server: Server;
  house: House;
  /** What stands for a parameter of a path: the first shop's. */
  params: Record<string, string>;
  /** Words that stand in the first shop's data and in no address. */
  marks: string[];
  /** What no page may tell, not even its own shop. */
  secrets(): Promise<string[]>;
  ask(
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; location: string | null; headers: Headers; text: string }>;
}

/** The library answers 410 to what calls itself a bot, and Node's fetch does. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
export const APP = { key: API_KEY, secret: API_SECRET };
export const FIRST = "first-shop.myshopify.com";
export const SECOND = "second-shop.myshopify.com";
export const DATASET = "1111111111";
const RULE = { key: "ruleone", name: "MarkOfTheFirst", base: "Purchase", on: true };
const SETTINGS = {
  version: 2,
  datasets: { [DATASET]: { filter: { hosts: ["mark-of-the-first.example.com"] } } },
  rules: [{ ...RULE, when: { field: "country", is: "none_of", words: ["FR"] } }],
};

export async function openAdmin(): Promise<Admin> {
  const shopify = closing(await startShopifyAuth(APP));
  const meta = closing(await startMeta());
  const house = freshHouse({ SHOPIFY_STAND_IN: shopify.origin, META_GRAPH_URL: meta.origin });
  await connectShop(house, FIRST, DATASET);
  await connectShop(house, SECOND, "2222222222");
  await read(house, (db) => db.shop.update({ where: { domain: FIRST }, data: { settings: JSON.stringify(SETTINGS) } }));
  const server = await startServer(house, ["./test/simulators/shopify/preload.mjs"]);
  const body = order({ checkoutToken: tokenOf(1), at: new Date().toISOString() });
  await postWebhook(server, "orders/create", body, FIRST);
  const event = await until(
    () =>
      read(house, (db) => db.event.findFirst({ where: { name: "Purchase", outcome: { not: "waiting" } } })).then(
        (row) => row ?? undefined,
      ),
    "the first shop's order has ended",
  );
  await postWebhook(server, "customers/data_request", dataRequest, FIRST);
  const request = await until(
    () =>
      read(house, (db) =>
        db.notice.findFirst({ where: { topic: "customers/data_request", closedAt: { not: null } } }),
      ).then((row) => row ?? undefined),
    "the first shop's request is prepared",
  );
  return {
    server,
    house,
    params: { dataset: DATASET, id: String(event.id), key: RULE.key, request: String(request.id), event: "Purchase" },
    marks: [RULE.name, "mark-of-the-first", tokenOf(1)],
    async secrets() {
      const rows = await read(house, async (db) => [await db.shop.findMany(), await db.dataset.findMany()] as const);
      const sealed = [...rows[0].map(({ dataKey }) => dataKey), ...rows[1].map(({ token }) => token)];
      const given = shopify.exchanges.flatMap(({ accessToken }) => accessToken ?? []);
      return [TOKEN, ...sealed, ...given, API_SECRET, house.env.ENCRYPTION_KEY ?? ""];
    },
    async ask(path, init = {}) {
      const headers = { "user-agent": BROWSER, ...Object.fromEntries(new Headers(init.headers)) };
      const answer = await fetch(`${server.origin}${path}`, { redirect: "manual", ...init, headers });
      const { status, headers: answered } = answer;
      // Remix tells its own script of a redirect in a header of its own, with 204.
      return {
        status,
        location: answered.get("location") ?? answered.get("x-remix-redirect"),
        headers: answered,
        text: await answer.text(),
      };
    },
  };
}

/** What is asked for besides a path, as Shopify's admin asks for the app's pages. */
export function queryOf(shop: string, token?: string): URLSearchParams {
  const host = Buffer.from(`admin.shopify.com/store/${shop.split(".")[0]}`).toString("base64url");
  return new URLSearchParams({ embedded: "1", shop, host, locale: "en", ...(token ? { id_token: token } : {}) });
}

const manifest = z.array(
  z.object({
    id: z.string(),
    path: z.string().optional(),
    index: z.boolean().optional(),
    parentId: z.string().optional(),
    loader: z.boolean(),
    action: z.boolean(),
    page: z.boolean(),
  }),
);

export interface Route {
  id: string;
  /** `/app/rules/:key` */
  path: string;
  index: boolean;
  loader: boolean;
  action: boolean;
  page: boolean;
}

const PRINT_ROUTES = `
  const { routes } = await import("./build/server/index.js");
  const lines = Object.values(routes).map(({ module: { loader, action, default: page }, id, path, index, parentId }) =>
    ({ id, path, index, parentId, loader: !!loader, action: !!action, page: !!page }));
  process.stdout.write(JSON.stringify(lines), () => process.exit(0));`;

/** Every route of the production build. A process of its own reads it: the build is a whole server. */
export function routesOfBuild(): Route[] {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", PRINT_ROUTES], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(`the build has no routes to tell: ${stderr}`);
  const routes = manifest.parse(JSON.parse(stdout));
  const pathOf = (id: string | undefined): string => {
    const route = routes.find((one) => one.id === id);
    if (route === undefined) return "";
    return pathOf(route.parentId) + (route.path ? `/${route.path}` : "");
  };
  return routes.map(({ id, index, loader, action, page }) => ({
    ...{ id, loader, action, page, index: index === true },
    path: pathOf(id) || "/",
  }));
}
