import { connectedDatasets, type Registry, type Shop } from "../../settings/registry.server";
import { sessionOf } from "../admin-session.server";
import type { OpenStore } from "../open-store.server";
import type { AppFile } from "./app-file.server";
import { checkClock } from "./clock.server";
import { checkPixel } from "./pixel.server";
import { type About, fine, type Row, wrong } from "./row";
import { checkScopes, checkSubscriptions } from "./shopify.server";
import { checkFlow, checkToken } from "./token.server";

export interface ShopDeps {
  fetch: typeof fetch;
  now: () => number;
}

interface Asked extends OpenStore {
  registry: Registry;
  file: AppFile;
  /** The app's own origin; null: not in this environment. */
  appUrl: string | null;
}

/** Shops that are asked about side by side. */
const AT_ONCE = 8;

/** Everything that is looked at shop by shop and dataset by dataset, and the clocks of those who were asked. */
export async function checkShops(asked: Asked, deps: ShopDeps): Promise<Row[]> {
  const shops = [...asked.registry.all()].filter(({ installed }) => installed);
  const rows: Row[] = [];
  for (let from = 0; from < shops.length; from += AT_ONCE) {
    const some = await Promise.all(shops.slice(from, from + AT_ONCE).map((shop) => checkShop(shop, asked, deps)));
    rows.push(...some.flat());
  }
  if (shops.every((shop) => connectedDatasets(shop).length === 0)) rows.unshift(fine("datasets", "none connected"));
  rows.push(await checkClock("Meta", asked.env.META_GRAPH_URL, deps));
  const [shop] = shops;
  if (shop !== undefined) rows.push(await checkClock("Shopify", `https://${shop.domain}/`, deps));
  return rows;
}

async function checkShop(shop: Shop, asked: Asked, deps: ShopDeps): Promise<Row[]> {
  const { env, file, appUrl } = asked;
  const about = { shop: shop.domain };
  const graph = { url: env.META_GRAPH_URL, version: env.META_GRAPH_VERSION, fetch: deps.fetch };
  const rows: Row[] = [];
  for (const dataset of connectedDatasets(shop)) {
    rows.push(checkFlow({ shop, dataset }, deps.now()));
    rows.push(await checkToken({ shop, dataset }, { graph }));
  }
  const session = await sessionOf(shop.domain, asked, deps.now);
  if (session === "unreadable") {
    return [...rows, wrong("session", "what is stored of it does not open: open the app in the shop's admin", about)];
  }
  rows.push(checkScopes(shop.domain, session, file));
  rows.push(await checkSubscriptions(shop.domain, session, file, deps));
  rows.push(
    orSay("pixel", about, () => checkPixel(shop, { appUrl, trUrl: env.META_TR_URL, session: session !== null })),
  );
  return rows;
}

function orSay(name: string, about: About, check: () => Row): Row {
  try {
    return check();
  } catch (error) {
    return wrong(name, `cannot be looked at: ${error instanceof Error ? error.message : String(error)}`, about);
  }
}
