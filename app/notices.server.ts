import type { PrismaClient } from "@prisma/client";
import type { Log } from "./log.server";
import type { Receipt } from "./privacy/receipt";
import { redactCustomer, redactShop } from "./privacy/redaction.server";
import { COMPLIANCE, ERASING_TOPICS } from "./privacy/topics";
import { trailOf } from "./privacy/trail.server";
import { whomSchema } from "./privacy/whom";
import type { Registry, Shop } from "./settings/registry.server";
import { scopesUpdate } from "./sources/notices";
import { type Store, StoreBusy, type StoredNotice } from "./store/store.server";

export interface NoticeDeps {
  store: Store;
  db: PrismaClient;
  registry: Registry;
  log: Log;
  now: () => number;
}

/** What became of a notice. `later`: it stays open, and is tried again. */
type Done = { receipt: Receipt | null; keepBody?: boolean } | "later";

/** Acts on a notice that was opened. Each action can be repeated: the notice is closed only after it has happened. */
type Action = (opened: Opened, deps: NoticeDeps) => Promise<Done>;

interface Opened {
  shop: Shop;
  /** JSON as it was stored. */
  body: { fields: unknown };
  /** When it happened, epoch milliseconds: Shopify's word, else when it got here. */
  at: number;
}

/** What a notice does, by topic. */
const ACTIONS: Record<string, Action> = {
  "app/uninstalled": async ({ shop, at }, { store, now }) => {
    await store.uninstallShop(shop.id, shop.domain, at, now());
    return { receipt: null };
  },
  "app/scopes_update": async ({ shop, body }, { store }) => {
    await store.updateSessionScope(shop.domain, scopesUpdate.parse(body.fields).current.join(","));
    return { receipt: null };
  },
  "customers/data_request": async ({ shop, body }, { db }) => {
    const { events, contexts } = await trailOf(whomSchema.parse(body), shop, db);
    return { receipt: { did: "prepared", events: events.length, visits: contexts.length }, keepBody: true };
  },
  "customers/redact": async ({ shop, body }, deps) => {
    const receipt = await redactCustomer(whomSchema.parse(body), shop, deps);
    return receipt === null ? "later" : { receipt };
  },
};

/** Erases the shop itself: done without opening anything, for its key may be gone. */
const SHOP_REDACT = "shop/redact";

const TOPICS = [...Object.keys(ACTIONS), SHOP_REDACT];

/** Looked at each second; what is more waits for the next. */
const MOST = 100;

/** Of these it was said that they fail: they are tried again each second. */
const said = new Set<number>();

/**
 * Acts on the notices that are open. One that fails is said and closed, so that it keeps none of the others waiting; a request
 * about people must not get lost: it is said once and stays open.
 */
export async function actOnNotices(deps: NoticeDeps): Promise<void> {
  const { store, log, now } = deps;
  for (const notice of await store.openNotices(TOPICS, MOST)) {
    const words = { shop: deps.registry.shopById(notice.shopId)?.domain, topic: notice.topic, notice: notice.id };
    try {
      const done = await actOn(notice, deps);
      if (done === "later") continue;
      const { receipt, keepBody = false } = done;
      await store.closeNotice({
        id: notice.id,
        now: now(),
        receipt: receipt === null ? null : JSON.stringify(receipt),
        keepBody,
      });
      log.info({ ...words, receipt }, "notice.done");
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      if (!said.has(notice.id)) log.error({ ...words, err: error }, "notice.failed");
      said.add(notice.id);
      if (!Object.hasOwn(COMPLIANCE, notice.topic)) {
        await store.closeNotice({ id: notice.id, now: now(), receipt: null, keepBody: false });
      }
    }
  }
}

async function actOn(notice: StoredNotice, deps: NoticeDeps): Promise<Done> {
  const at = notice.triggeredAt ?? notice.receivedAt;
  if (notice.topic === SHOP_REDACT) {
    return { receipt: await redactShop({ shopId: notice.shopId, noticeId: notice.id, at }, deps) };
  }
  const shop = deps.registry.shopById(notice.shopId);
  const act = ACTIONS[notice.topic];
  // A shop that cannot be read now may be again when its key is back.
  if (shop === undefined || act === undefined) return "later";
  return act({ shop, body: JSON.parse(shop.open("Notice.body", notice.body)), at }, deps);
}

/** A file of so many bytes is rewritten in about a second. */
const SWEPT_AT_ONCE_BYTES = 64 * 1024 * 1024;
/** The hour, in UTC, at which others may have to wait for it. */
const NIGHT_HOUR = 3;

/** Rids the database's files of what was erased: a small one's at once, a large one's by night. */
export async function sweepErased({ store, log, now }: NoticeDeps): Promise<void> {
  if ((await store.toSweep(ERASING_TOPICS)) === 0) return;
  const night = new Date(now()).getUTCHours() === NIGHT_HOUR;
  const at = now();
  if (await store.sweep(ERASING_TOPICS, at, night ? Number.POSITIVE_INFINITY : SWEPT_AT_ONCE_BYTES)) {
    log.info({ ms: now() - at }, "store.swept");
  }
}
