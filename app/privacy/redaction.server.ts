import { setImmediate as nextTurn } from "node:timers/promises";
import type { PrismaClient } from "@prisma/client";
import { addPaymentInfoId, initiateCheckoutId, purchaseIdOfCheckout } from "../events/event-id";
import { sha256Hex } from "../match-keys/hash.server";
import { copyCounts } from "../outbox/coverage";
import type { Shop } from "../settings/registry.server";
import type { CopyName, Store } from "../store/store.server";
import type { Receipt } from "./receipt";
import { openRequests } from "./requests.server";
import { isUnderWay, type Trail, trailOf } from "./trail.server";
import { hashesOf, type Whom } from "./whom";

interface Deps {
  store: Store;
  db: PrismaClient;
  now: () => number;
}

/** Rows per transaction: others write too. */
const PORTION = 250;

/** What comes to be of a customer while the customer is erased is found by looking again; so often at the most. */
const MOST_ROUNDS = 5;

/**
 * Erases all that is kept of a customer, and forgets whom earlier requests about them were about. Null: one of their events is
 * at Meta in this moment, so it is to be tried again. Can be repeated, wherever it was cut short.
 */
export async function redactCustomer(whom: Whom, shop: Shop, { store, db, now }: Deps): Promise<Receipt | null> {
  if (await isUnderWay(whom, shop, db)) return null;
  const counts = copyCounts(shop.timezone);
  // What waits to be counted names orders by their checkout.
  for (const { id } of shop.datasets) while ((await store.countBrowserCopies(id, PORTION, counts)) > 0);
  const erased = { events: 0, visits: 0 };
  for (let round = 0; ; round += 1) {
    const trail = await trailOf(whom, shop, db);
    const left = trail.events.length + trail.contexts.length;
    if (left === 0) break;
    if (round === MOST_ROUNDS || !(await eraseTrail(trail, shop, { store, now }))) return null;
    erased.events += trail.events.length;
    erased.visits += trail.contexts.length;
  }
  // A line may have outlived the row that it tells of.
  for (const orders of portionsOf(whom.orders)) await store.eraseLedgerOrders(shop.id, orders);
  const hashes = hashesOf(whom);
  const requests = (await openRequests(shop, db)).filter((one) => hashesOf(one.whom).some((it) => hashes.includes(it)));
  await store.emptyNotices(requests.map(({ id }) => id));
  return { did: "erased", ...erased };
}

/**
 * What leads nowhere goes first, and what all else hangs on goes last: who begins again after a crash still finds the rest. False:
 * one of the events is at Meta now.
 */
async function eraseTrail(trail: Trail, shop: Shop, { store, now }: Pick<Deps, "store" | "now">): Promise<boolean> {
  const redact = async (events: readonly { id: number }[]) => {
    for (const ids of portionsOf(events.map(({ id }) => id))) if (!(await store.redactEvents(ids, now()))) return false;
    return true;
  };
  for (const copies of portionsOf(copiesOf(trail, shop))) await store.forgetBrowserCopies(copies);
  if (!(await redact(trail.sealed))) return false;
  for (const keys of portionsOf(trail.contexts.map(({ key }) => key))) await store.forgetContexts(shop.id, keys);
  return redact(trail.named);
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

/** The sweep renews a shop's session each hour, which Shopify only allows where the app is installed. */
const RENEWED_WITHIN_MS = 24 * 3_600_000;

/** Whether Shopify has renewed a shop's session of late: whoever came back soon after leaving has not left. */
async function isRenewed(domain: string, { db, now }: Pick<Deps, "db" | "now">): Promise<boolean> {
  const sessions = await db.session.findMany({ where: { shop: domain, isOnline: false }, select: { expires: true } });
  return sessions.some(({ expires }) => expires !== null && expires.getTime() > now() - RENEWED_WITHIN_MS);
}

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
export async function redactShop({ shopId, noticeId, at }: ShopRedaction, { store, db, now }: Deps): Promise<Receipt> {
  const shop = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  const long = Number(shop.installedAt) < at - AFTER_UNINSTALL_MS;
  const left = shop.uninstalledAt !== null || (long && !(await isRenewed(shop.domain, { db, now })));
  if (!left) return { did: "kept_shop" };
  let rows = 0;
  for (let portion = -1; portion !== 0; rows += portion) {
    portion = await store.eraseOfShop(shopId, PORTION);
    await nextTurn();
  }
  await store.dropShop(shopId, noticeId);
  return { did: "erased_shop", rows, shop: sha256Hex(shop.domain) };
}
