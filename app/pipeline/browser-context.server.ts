import { keepingOptOut } from "../consent/privacy-control";
import { type BrowserContext, unknownBrowser } from "../events/event";
import { cleanUserAgent, preferredIp } from "../match-keys/browser.server";
import { freshFbc } from "../match-keys/click-age";
import { fillBrowser } from "../match-keys/join-browser";
import { cleanFbc, cleanFbp } from "../match-keys/normalise/click-id";
import { type MatchKeys, merge } from "../match-keys/user-data";
import type { Shop } from "../settings/registry.server";
import type { UncheckedBrowser } from "../sources/reading";
import type { ContextWrite, KnownContext, MemoryWrite, NewEvent } from "../store/rows";

/**
 * What is known of a browser, between memory and the store: checked, sealed, joined with what was known. Remembered by
 * checkout and by visitor, because a webhook knows the one and a page the other.
 */

/** The key under which a checkout's browser is remembered. */
export function checkoutKey(token: string): string {
  return `checkout.${token}`;
}

/** The key under which a visitor's browser is remembered. */
export function clientKey(clientId: string): string {
  return `client.${clientId}`;
}

/** The key under which a customer's browser is remembered. `customerKey`: SHA-256 of the customer's id, hex. */
export function customerContextKey(customerKey: string): string {
  return `customer.${customerKey}`;
}

/** Shopify's visitor id; a UUID as far as anybody has seen. */
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Keeps of a browser only what Meta could use. */
export function checkedBrowser(browser: UncheckedBrowser): BrowserContext {
  return {
    ip: preferredIp(browser.ip, browser.otherIp ?? null),
    userAgent: cleanUserAgent(browser.userAgent),
    fbp: cleanFbp(browser.fbp),
    fbc: cleanFbc(browser.fbc),
    url: browser.url,
    referrer: browser.referrer,
    clientId: browser.clientId !== null && CLIENT_ID.test(browser.clientId) ? browser.clientId : null,
    consent: browser.consent,
  };
}

/** Opens a sealed browser context. */
export function openBrowser(shop: Shop, column: string, sealed: string): BrowserContext {
  return { ...unknownBrowser(), ...JSON.parse(shop.open(column, sealed)) };
}

/** Sealed for the event's row, and the way to add it to a row that has a browser context already. */
export function sealedBrowser(browser: BrowserContext, shop: Shop): Pick<NewEvent, "browser" | "fillBrowser"> {
  if (isUnknown(browser)) return { browser: null, fillBrowser: null };
  const seal = (context: BrowserContext) => shop.seal("Event.browser", JSON.stringify(context));
  return {
    browser: seal(browser),
    fillBrowser: (stored) => {
      const known = openOrNull(shop, "Event.browser", stored);
      return known === null ? stored : seal(fillBrowser(known, browser));
    },
  };
}

interface Remembering {
  /** What was told of the browser, memory apart. */
  witnessed: BrowserContext;
  customerKey: string;
  /** Keys of the contexts that told of it. */
  contexts: string[];
  at: number;
}

/**
 * What is remembered of a customer who agreed to marketing, so that the click that brought them once travels with what they
 * buy later: the identity of their browser, never its address.
 */
export function customerMemory({ witnessed, customerKey, contexts, at }: Remembering, shop: Shop): MemoryWrite[] {
  const { fbp, fbc, clientId, consent } = witnessed;
  if (consent?.marketing !== true || (fbp === null && fbc === null && clientId === null)) return [];
  const common = {
    shopId: shop.id,
    checkoutToken: null,
    beacon: false,
    consenting: false,
    refusing: false,
    receivedAt: at,
    join: (stored: KnownContext | null) =>
      rememberLatest(
        shop,
        stored,
        { ...unknownBrowser(), fbp, fbc, clientId, consent },
        { external_id: [customerKey] },
      ),
  };
  const visitor = clientId === null ? [] : [clientKey(clientId)];
  return [customerContextKey(customerKey), ...visitor].map((key) => ({ ...common, key, toldBy: contexts }));
}

/** A later purchase's browser is the better account of a customer: what it knows takes the place of what was known. */
function rememberLatest(
  shop: Shop,
  stored: KnownContext | null,
  latest: BrowserContext,
  keys: MatchKeys,
): KnownContext {
  const known = stored === null ? null : openOrNull(shop, "BrowserContext.browser", stored.browser);
  const knownKeys: MatchKeys = stored?.matchKeys ? JSON.parse(stored.matchKeys) : {};
  return {
    browser: shop.seal("BrowserContext.browser", JSON.stringify(fillBrowser(latest, known ?? unknownBrowser()))),
    matchKeys: JSON.stringify({ ...knownKeys, external_id: bothOf(keys.external_id, knownKeys.external_id) }),
    consent: JSON.stringify(latest.consent),
  };
}

/** Of several customers at one device all are kept: a refusal there is for each of them. */
function bothOf(latest: string[] = [], known: string[] = []): string[] {
  return [...new Set([...latest, ...known])].slice(0, MOST_CUSTOMERS);
}

const MOST_CUSTOMERS = 10;

interface Heard {
  browser: BrowserContext;
  keys: MatchKeys;
  checkoutToken: string | null;
  receivedAt: number;
}

/**
 * What a beacon leaves behind: under its checkout, and under its visitor. `withdrawing`: the visitor who takes consent back
 * without naming a checkout; the refusal stands under their id, for what waits of them, until they agree anew.
 */
export function beaconContexts(
  { browser, keys, checkoutToken, receivedAt }: Heard,
  withdrawing: string | null,
  shop: Shop,
): ContextWrite[] {
  const common = {
    shopId: shop.id,
    beacon: true,
    consenting: browser.consent?.marketing === true,
    refusing: browser.consent?.marketing === false,
    receivedAt,
    join: (stored: KnownContext | null) => joinContext(shop, stored, { browser, keys, receivedAt }),
  };
  const byCheckout = checkoutToken === null ? [] : [{ ...common, key: checkoutKey(checkoutToken), checkoutToken }];
  const clientId = browser.clientId ?? withdrawing;
  return clientId === null ? byCheckout : [...byCheckout, { ...common, key: clientKey(clientId), checkoutToken: null }];
}

/** What a checkout webhook knows of the checkout as a whole, for all its events. */
export function checkoutContexts({ browser, keys, checkoutToken, receivedAt }: Heard, shop: Shop): ContextWrite[] {
  if (checkoutToken === null || (isUnknown(browser) && Object.keys(keys).length === 0)) return [];
  return [
    {
      shopId: shop.id,
      key: checkoutKey(checkoutToken),
      checkoutToken,
      beacon: false,
      consenting: false,
      refusing: false,
      receivedAt,
      join: (stored) => joinContext(shop, stored, { browser, keys, receivedAt }),
    },
  ];
}

/**
 * A later word adds what was missing and overwrites nothing, for anybody may post a beacon; only of consent the newest
 * counts. Who refuses marketing is not remembered, only that they refused.
 */
function joinContext(
  shop: Shop,
  stored: KnownContext | null,
  { browser: heard, keys, receivedAt }: Pick<Heard, "browser" | "keys" | "receivedAt">,
): KnownContext {
  const opened = stored === null ? null : openOrNull(shop, "BrowserContext.browser", stored.browser);
  // A click that is too old for Meta makes room for a newer one.
  const known = opened && { ...opened, fbc: freshFbc(opened.fbc, receivedAt) };
  const consent = keepingOptOut(heard.consent ?? known?.consent ?? null, known?.consent);
  const refused = consent?.marketing === false;
  const joined = refused
    ? { ...unknownBrowser(), consent }
    : { ...fillBrowser(known ?? unknownBrowser(), heard), consent };
  const knownKeys: MatchKeys = stored?.matchKeys ? JSON.parse(stored.matchKeys) : {};
  return {
    browser: shop.seal("BrowserContext.browser", JSON.stringify(joined)),
    matchKeys: JSON.stringify(refused ? {} : merge(knownKeys, keys)),
    consent: JSON.stringify(consent),
  };
}

/** A context that does not open any more is as good as none: it must not keep a new one from being stored. */
export function openOrNull(shop: Shop, column: string, sealed: string): BrowserContext | null {
  try {
    return openBrowser(shop, column, sealed);
  } catch {
    return null;
  }
}

function isUnknown(browser: BrowserContext): boolean {
  return Object.values(browser).every((value) => value === null);
}
