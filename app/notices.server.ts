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
const ACTIONS: Record<string, (shop: Shop, body: unknown, deps: NoticeDeps) => Promise<void>> = {
  "app/uninstalled": (shop, _body, { store, now }) => store.uninstallShop(shop.id, shop.domain, now()),
  "app/scopes_update": (shop, body, { store }) =>
    store.updateSessionScope(shop.domain, scopes.parse(body).current.join(",")),
};

/** Acts on the notices that are open. Each action can be repeated: it is closed only after it has happened. */
export async function actOnNotices(deps: NoticeDeps): Promise<void> {
  const { store, registry, log, now } = deps;
  for (const notice of store.openNotices(Object.keys(ACTIONS), 100)) {
    const shop = registry.shopById(notice.shopId);
    const act = ACTIONS[notice.topic];
    if (shop === undefined || act === undefined) continue;
    await act(shop, JSON.parse(shop.open("Notice.body", notice.body)), deps);
    await store.closeNotice(notice.id, now());
    log.info({ shop: shop.domain, topic: notice.topic }, "notice.done");
  }
}
