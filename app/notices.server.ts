import type { Log } from "./log.server";
import type { Registry, Shop } from "./settings/registry.server";
import { scopesUpdate } from "./sources/notices";
import { type Store, StoreBusy } from "./store/store.server";

interface NoticeDeps {
  store: Store;
  registry: Registry;
  log: Log;
  now: () => number;
}

/** What a notice does, by topic. Compliance requests are kept, sealed, for the issue that answers them. */
const ACTIONS: Record<string, (shop: Shop, notice: Opened, deps: NoticeDeps) => Promise<void>> = {
  "app/uninstalled": (shop, { at }, { store, now }) => store.uninstallShop(shop.id, shop.domain, at, now()),
  "app/scopes_update": (shop, { body }, { store }) =>
    store.updateSessionScope(shop.domain, scopesUpdate.parse(body).current.join(",")),
};

interface Opened {
  body: unknown;
  /** When it happened, epoch milliseconds: Shopify's word, else when it got here. */
  at: number;
}

/**
 * Acts on the notices that are open. Each action can be repeated: it is closed only after it has happened. One that cannot
 * be acted on is said and closed, so that it keeps none of the others waiting.
 */
export async function actOnNotices(deps: NoticeDeps): Promise<void> {
  const { store, registry, log, now } = deps;
  for (const notice of await store.openNotices(Object.keys(ACTIONS), 100)) {
    const shop = registry.shopById(notice.shopId);
    const act = ACTIONS[notice.topic];
    const words = { shop: shop?.domain, topic: notice.topic, notice: notice.id };
    // A shop that cannot be read now may be again when its key is back.
    if (shop === undefined || act === undefined) continue;
    try {
      const { fields } = JSON.parse(shop.open("Notice.body", notice.body));
      await act(shop, { body: fields, at: notice.triggeredAt ?? notice.receivedAt }, deps);
      log.info(words, "notice.done");
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      log.error({ ...words, err: error }, "notice.failed");
    }
    await store.closeNotice(notice.id, now());
  }
}
