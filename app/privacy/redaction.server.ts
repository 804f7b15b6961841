import { setImmediate as nextTurn } from "node:timers/promises";
import type { PrismaClient } from "@prisma/client";
import { addPaymentInfoId, initiateCheckoutId, purchaseIdOfCheckout } from "../events/event-id";
import { sha256Hex } from "../match-keys/hash.server";
import type { Shop } from "../settings/registry.server";
import type { CopyName, Store } from "../store/store.server";
import type { Receipt } from "./receipt";
import { openRequests } from "./requests.server";
import { type Trail, trailOf } from "./trail.server";
import { hashesOf, type Whom } from "./whom";

interface Deps {
  store: Store;
  db: PrismaClient;
  now: () => number;
}

/** Rows per transaction: others write too. */
const PORTION = 250;

/**
 * Erases all that is kept of a customer, and forgets whom earlier requests about them were about. Null: one of their events is
 * at Meta in this moment, so it is to be tried again. Can be repeated.
 */
export async function redactCustomer(whom: Whom, shop: Shop, { store, db, now }: Deps): Promise<Receipt | null> {
  const trail = await trailOf(whom, shop, db);
  if (trail.events.some(({ lease }) => lease !== null)) return null;
  for (const ids of portionsOf(trail.events.map(({ id }) => id))) {
    if (!(await store.redactEvents(ids, now()))) return null;
  }
  for (const copies of portionsOf(copiesOf(trail, shop))) await store.forgetBrowserCopies(copies);
  for (const keys of portionsOf(trail.contexts.map(({ key }) => key))) await store.forgetContexts(shop.id, keys);
  const hashes = hashesOf(whom);
  const requests = (await openRequests(shop, db)).filter((one) => hashesOf(one.whom).some((it) => hashes.includes(it)));
  await store.emptyNotices(requests.map(({ id }) => id));
  return { did: "erased", events: trail.events.length, visits: trail.contexts.length };
}

/** The browser's own copies: of their events, and of checkouts of which no event came to be. */
function copiesOf({ events, checkoutTokens }: Trail, { datasets }: Shop): CopyName[] {
  const ofCheckouts = checkoutTokens.flatMap((token) =>
    datasets.flatMap(({ id: datasetId }) => [
      { datasetId, name: "Purchase", eventId: purchaseIdOfCheckout(token) },
      { datasetId, name: "InitiateCheckout", eventId: initiateCheckoutId(token) },
      { datasetId, name: "AddPaymentInfo", eventId: addPaymentInfoId(token) },
    ]),
  );
  return [...events.map(({ datasetId, name, eventId }) => ({ datasetId, name, eventId })), ...ofCheckouts];
}

function* portionsOf<Item>(items: readonly Item[]): Iterable<Item[]> {
  for (let at = 0; at < items.length; at += PORTION) yield items.slice(at, at + PORTION);
}

/** Shopify asks for a shop to be erased so long after it uninstalled the app: https://shopify.dev/docs/apps/build/privacy-law-compliance */
const AFTER_UNINSTALL_MS = 48 * 3_600_000;

interface ShopRedaction {
  shopId: number;
  noticeId: number;
  /** When Shopify says it asked, epoch milliseconds. */
  at: number;
}

/**
 * Erases a shop with its data key, unless it has been installed again since it left. Its own row goes last, so that what was
 * cut short can be taken up again. Needs no key: nothing has to be opened.
 */
export async function redactShop({ shopId, noticeId, at }: ShopRedaction, { store, db }: Deps): Promise<Receipt> {
  const shop = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  const left = shop.uninstalledAt !== null || Number(shop.installedAt) < at - AFTER_UNINSTALL_MS;
  if (!left) return { did: "kept_shop" };
  let rows = 0;
  for (let portion = -1; portion !== 0; rows += portion) {
    portion = await store.eraseOfShop(shopId, PORTION);
    await nextTurn();
  }
  await store.dropShop(shopId, noticeId);
  return { did: "erased_shop", rows, shop: sha256Hex(shop.domain) };
}
