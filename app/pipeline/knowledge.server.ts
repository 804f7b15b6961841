import { keepingOptOut } from "../consent/privacy-control";
import type { BrowserContext, Facts } from "../events/event";
import { unknownBrowser } from "../events/event";
import type { ProductFiling, Question } from "../events/rules";
import type { Answers, Lookups, OrderAnswer } from "../lookup/lookups";
import { freshFbc } from "../match-keys/click-age";
import { fillBrowser, joinBrowser } from "../match-keys/join-browser";
import type { Teller, Tellers } from "../match-keys/key-account";
import type { KeyOrigin } from "../match-keys/key-origins";
import { recognised } from "../match-keys/recognise";
import { type MatchKeys, merge } from "../match-keys/user-data";
import { keptFor } from "../outbox/retention";
import { mayStand } from "../outbox/window";
import type { Shop } from "../settings/registry.server";
import type { KnownPurchase, StoredEvent } from "../store/rows";
import type { Store, StoredContext } from "../store/store.server";
import { checkoutKey, clientKey, customerContextKey, openBrowser, openOrNull } from "./browser-context.server";
import { storedFacts } from "./stored-facts";

/**
 * All that is known by now about what stands behind some claimed rows: what browsers told, what is remembered of customers,
 * what Shopify answers. Gathered for all rows at once; joined for one row at a time.
 */
export interface Knowledge {
  browsers: Map<string, KnownBrowser>;
  /** The browser contexts of the rows themselves and of their Purchases, as far as they open; by what is sealed. */
  own: Map<string, BrowserContext>;
  /** By order id: the Purchases that refunds and upsells belong to. */
  purchases: Map<string, KnownPurchase>;
  orders: Answers<OrderAnswer>;
  products: Answers<ProductFiling>;
  /** When the browser's own copies left, by event; of events that are old enough for it to matter. */
  leftBrowser: ReadonlyMap<string, number>;
}

interface KnownBrowser {
  browser: BrowserContext;
  keys: MatchKeys;
  /** A beacon spoke, not only a webhook. */
  beacon: boolean;
}

interface KnowledgeDeps {
  store: Store;
  lookups: Lookups;
}

/** What changed about an order: nothing to tell of it where Meta does not know the order. */
export const BESIDE_A_PURCHASE: ReadonlySet<string> = new Set(["Refund", "Upsell"]);

/** A visitor is remembered for as long as Meta keeps its own cookies. */
const MEMORY_MS = keptFor("browser_contexts");

export async function gather(
  rows: StoredEvent[],
  shop: Shop,
  { store, lookups }: KnowledgeDeps,
  now: number,
): Promise<Knowledge> {
  const purchases = await purchasesOf(rows, store);
  const behind = [...rows, ...purchases.values()];
  const own = openedOwn(behind, shop);
  const [browsers, orders, products, leftBrowser] = await Promise.all([
    knownBrowsers(behind, own, shop, store, now),
    lookups.orders(shop, unique(rows.flatMap((row) => (asksForOrder(row) ? [row.orderId ?? ""] : [])))),
    lookups.products(shop, unique(rows.flatMap((row) => productsAsked(row, shop)))),
    copiesThatLeft(
      rows.filter((row) => mayStand(row, now)),
      store,
    ),
  ]);
  return { browsers, own, purchases, orders, products, leftBrowser };
}

/** What names an event for one dataset. */
export function keyOfEvent({ name, eventId }: Pick<StoredEvent, "name" | "eventId">): string {
  return `${name} ${eventId}`;
}

async function copiesThatLeft(rows: StoredEvent[], store: Store): Promise<Map<string, number>> {
  const [first] = rows;
  if (first === undefined) return new Map();
  const copies = await store.browserCopiesOf(first.datasetId, rows);
  return new Map(
    copies.flatMap((copy) => (copy.tr === "resolved" ? [[keyOfEvent(copy), copy.receivedAt] as const] : [])),
  );
}

/** What is known of one row's event; told by the sender first, and by memory last. */
export interface Known {
  facts: Facts;
  keys: MatchKeys;
  browser: BrowserContext;
  /** Who told of keys and browser. */
  tellers: Tellers;
  /** What an earlier checkout in the same browser told of who shops there, the event's own keys apart; for one that says less. */
  remembered: MatchKeys;
  /** The same without what is remembered of the customer: memory must not feed on itself, or it would never end. */
  witnessed: BrowserContext;
  /** The contexts that told of it, by key. */
  contexts: string[];
  /** A beacon told of the checkout it went through. */
  beaconOfCheckout: boolean;
  purchase: KnownPurchase | undefined;
  order: OrderAnswer | undefined;
  /** Shopify could not be asked about its order or a product in it: it may say more another time. */
  unasked: boolean;
}

export function knownOf(
  row: StoredEvent,
  shop: Shop,
  { browsers, own: openedBefore, purchases, orders, products }: Knowledge,
  now: number,
): Known {
  const purchase = BESIDE_A_PURCHASE.has(row.name) ? purchases.get(row.orderId ?? "") : undefined;
  const checkout = row.checkoutToken ?? purchase?.checkoutToken ?? null;
  const byCheckout = checkout === null ? undefined : browsers.get(checkoutKey(checkout));
  const sealed = row.browser ?? purchase?.browser ?? null;
  const own =
    sealed === null ? unknownBrowser() : (openedBefore.get(sealed) ?? openBrowser(shop, EVENT_BROWSER, sealed));
  const visitor = byCheckout?.browser.clientId ?? own.clientId;
  const byVisitor = visitor === null ? undefined : browsers.get(clientKey(visitor));
  // Their last word on any page, so newer than a checkout's agreement.
  const withdrawn = byVisitor?.browser.consent?.marketing === false ? byVisitor.browser.consent : null;
  const customer = row.customerKey ?? purchase?.customerKey ?? null;
  const byCustomer = customer === null ? undefined : browsers.get(customerContextKey(customer));
  const witnessed = {
    ...joinBrowser(own, [...asList(byCheckout?.browser), ...asList(byVisitor && identityOnly(byVisitor.browser))], now),
    consent: keepingOptOut(
      withdrawn ?? byCheckout?.browser.consent ?? own.consent,
      own.consent,
      byVisitor?.browser.consent,
    ),
  };
  const ownKeys = merge(keysOf(row.matchKeys), keysOf(purchase?.matchKeys ?? null));
  const facts = filed(factsOf(row, purchase), products.told);
  const told = merge(ownKeys, byCheckout?.keys ?? {});
  return {
    facts,
    keys: merge(told, externalIdOnly(byVisitor?.keys ?? {})),
    tellers: tellersOf({
      o: { keys: keysOf(row.matchKeys), browser: own },
      p: purchase && { keys: keysOf(purchase.matchKeys), browser: own },
      c: byCheckout,
      v: byVisitor,
      m: byCustomer,
    }),
    remembered: recognised(told, byVisitor?.keys ?? {}),
    browser: withMemory(witnessed, byCustomer?.browser, now),
    witnessed,
    contexts: [
      ...(byCheckout === undefined || checkout === null ? [] : [checkoutKey(checkout)]),
      ...(byVisitor === undefined || visitor === null ? [] : [clientKey(visitor)]),
      ...(byCustomer === undefined || customer === null ? [] : [customerContextKey(customer)]),
    ],
    beaconOfCheckout: byCheckout?.beacon === true,
    purchase,
    order: row.orderId === null ? undefined : orders.told.get(row.orderId),
    unasked:
      (row.orderId !== null && orders.unasked.has(row.orderId)) ||
      facts.lines.some(({ product }) => product !== null && products.unasked.has(product)),
  };
}

/** Of a visit long ago only who it was still holds: not the address, the page or the consent. */
function identityOnly({ fbp, fbc, clientId }: BrowserContext): BrowserContext {
  return { ...unknownBrowser(), fbp, fbc, clientId };
}

/** The rest may be somebody else's who sat at the same device. */
function externalIdOnly({ external_id }: MatchKeys): MatchKeys {
  return external_id === undefined ? {} : { external_id };
}

/** What is remembered of a customer only fills gaps: the order's own click is newer. */
function withMemory(browser: BrowserContext, customer: BrowserContext | undefined, now: number): BrowserContext {
  if (customer === undefined) return browser;
  const remembered = identityOnly(customer);
  return fillBrowser(browser, { ...remembered, fbc: freshFbc(remembered.fbc, now) });
}

function tellersOf(tellers: Record<KeyOrigin, Teller | undefined>): Tellers {
  return Object.fromEntries(Object.entries(tellers).filter(([, teller]) => teller !== undefined));
}

function asList<Value>(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

/** A refund says nothing of where it belongs: its Purchase does. */
function factsOf(row: StoredEvent, purchase: KnownPurchase | undefined): Facts {
  const facts = storedFacts(row);
  if (facts === null) throw new Error(`event ${row.id} waits without facts`);
  const order = purchase === undefined ? null : storedFacts(purchase);
  if (order === null) return facts;
  const { country, usState, source } = order;
  return { ...facts, country, usState, source };
}

/** What the product table adds to the lines. */
function filed(facts: Facts, products: ReadonlyMap<string, ProductFiling>): Facts {
  if (products.size === 0) return facts;
  const lines = facts.lines.map((line) => {
    const filing = line.product === null ? undefined : products.get(line.product);
    return filing === undefined
      ? line
      : { ...line, type: line.type ?? filing.type, vendor: line.vendor ?? filing.vendor };
  });
  return { ...facts, lines };
}

function keysOf(json: string | null): MatchKeys {
  return json === null ? {} : JSON.parse(json);
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

/** A Purchase tells a first customer from a returning one, and so may a rule; a Subscribe needs a subscription. */
function asksForOrder({ orderId, name, facts }: StoredEvent): boolean {
  return orderId !== null && facts !== null && !BESIDE_A_PURCHASE.has(name);
}

const FILED_FIELDS: ReadonlySet<string> = new Set(["vendor", "type", "tag", "collection"]);

/** The products that a rule asks about; and the one of an event about a single thing, whose type is its category. */
function productsAsked(row: StoredEvent, shop: Shop): string[] {
  const { rule } = row;
  const lines = linesOf(row);
  const question = shop.settings.rules.find(({ key }) => key === rule)?.when;
  const single = lines.length === 1 && lines[0]?.type == null;
  if (!single && (question === undefined || !asksForFiling(question))) return [];
  return lines.flatMap(({ product }) => (product === null ? [] : [product]));
}

/** Facts that cannot be read end their own row later, and no other. */
function linesOf(row: StoredEvent): Facts["lines"] {
  try {
    return storedFacts(row)?.lines ?? [];
  } catch {
    return [];
  }
}

function asksForFiling(question: Question): boolean {
  if ("all" in question) return question.all.some(asksForFiling);
  if ("any" in question) return question.any.some(asksForFiling);
  return FILED_FIELDS.has(question.field);
}

async function purchasesOf(rows: StoredEvent[], store: Store): Promise<Map<string, KnownPurchase>> {
  const beside = rows.filter(({ name }) => BESIDE_A_PURCHASE.has(name));
  const [first] = beside;
  if (first === undefined) return new Map();
  const found = await store.purchasesOf(first.datasetId, unique(beside.flatMap(({ orderId }) => orderId ?? [])));
  return new Map(found.map((purchase) => [purchase.orderId, purchase]));
}

const EVENT_BROWSER = "Event.browser";

/** To open them takes its time: once for whose they are, and for what leaves. */
function openedOwn(behind: Pick<StoredEvent, "browser">[], shop: Shop): Map<string, BrowserContext> {
  const own = new Map<string, BrowserContext>();
  for (const { browser } of behind) {
    const context = browser === null ? null : openOrNull(shop, EVENT_BROWSER, browser);
    if (browser !== null && context !== null) own.set(browser, context);
  }
  return own;
}

/** By checkout, by the visitor who checked out, and by the customer. */
async function knownBrowsers(
  behind: Pick<StoredEvent, "checkoutToken" | "customerKey">[],
  own: Map<string, BrowserContext>,
  shop: Shop,
  store: Store,
  now: number,
): Promise<Map<string, KnownBrowser>> {
  const checkouts = behind.flatMap(({ checkoutToken }) => (checkoutToken === null ? [] : [checkoutKey(checkoutToken)]));
  const customers = behind.flatMap(({ customerKey }) =>
    customerKey === null ? [] : [customerContextKey(customerKey)],
  );
  const look = async (keys: Set<string>) => opened(await store.contextsOf(shop.id, [...keys], now - MEMORY_MS), shop);
  const asked = new Set([...checkouts, ...customers, ...visitorsOf([...own.values()])]);
  const first = await look(asked);
  const further = visitorsOf([...first.values()].map(({ browser }) => browser)).filter((key) => !asked.has(key));
  return new Map([...first, ...(await look(new Set(further)))]);
}

function visitorsOf(browsers: BrowserContext[]): string[] {
  return browsers.flatMap(({ clientId }) => (clientId === null ? [] : [clientKey(clientId)]));
}

function opened(stored: StoredContext[], shop: Shop): Map<string, KnownBrowser> {
  const known = new Map<string, KnownBrowser>();
  for (const { key, browser, matchKeys, beacon } of stored) {
    const context = openOrNull(shop, "BrowserContext.browser", browser);
    if (context !== null) known.set(key, { browser: context, keys: keysOf(matchKeys), beacon });
  }
  return known;
}
