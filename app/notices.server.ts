import { z } from "zod";
import type { Log } from "./log.server";
import type { Registry, Shop } from "./settings/registry.server";
import type { Store } from "./store/store.server";

interface NoticeDeps {
  store: Store;
  registry: Registry;
  log: Log;
  now: () => number;
}

const scopes = z.object({ current: z.array(z.string()) });

/** What a notice does, by topic. Compliance requests are kept, sealed, for the issue that answers them. */
const ACTIONS: Record<string, (shop: Shop, notice: Opened, deps: NoticeDeps) => Promise<void>> = {
  "app/uninstalled": (shop, { at }, { store, now }) => store.uninstallShop(shop.id, shop.domain, at, now()),
  "app/scopes_update": (shop, { body }, { store }) =>
    store.updateSessionScope(shop.domain, scopes.parse(body).current.join(",")),
};

interface Opened {
  body: unknown;
  /** When it happened, epoch milliseconds: Shopify's word, else when it got here. */
  at: number;
}

/** Acts on the notices that are open. Each action can be repeated: it is closed only after it has happened. */
export async function actOnNotices(deps: NoticeDeps): Promise<void> {
  const { store, registry, log, now } = deps;
  for (const notice of store.openNotices(Object.keys(ACTIONS), 100)) {
    const shop = registry.shopById(notice.shopId);
    const act = ACTIONS[notice.topic];
    if (shop === undefined || act === undefined) continue;
    const body = JSON.parse(shop.open("Notice.body", notice.body));
    await act(shop, { body, at: notice.triggeredAt ?? notice.receivedAt }, deps);
    await store.closeNotice(notice.id, now());
    log.info({ shop: shop.domain, topic: notice.topic }, "notice.done");
  }
}
