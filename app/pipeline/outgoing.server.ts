import { type ConsentDecision, decideConsent } from "../consent/decide";
import type { ConsentPolicy } from "../consent/policy";
import { isTooLarge } from "../delivery/batch";
import { lacksMoney, metaEvent } from "../delivery/payload";
import type { ActionSource } from "../events/action-source";
import { CONTENT_ID_FORMATS } from "../events/content-id-formats";
import type { BrowserContext, ConsentSignal, Facts } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { passes } from "../events/page-filter";
import { publicPageUrl } from "../events/page-url";
import { eventValue, type Value } from "../events/value";
import { sha256Hex } from "../match-keys/hash.server";
import { tooBroad } from "../match-keys/too-broad";
import { type MatchKeys, type UserData, userData } from "../match-keys/user-data";
import { type DatasetPolicy, filterOf } from "../settings/dataset-policy";

/**
 * From an event and all that is known by now to the bytes that leave, or to the reason why none do. Consent first, then
 * the payload, then our own validation, which is stricter than Meta's: one bad event must not cost a request.
 */

export interface Outgoing {
  name: string;
  /** The event it was made of, where a rule made it; else its own name. */
  base: string;
  eventId: string;
  /** Epoch milliseconds. */
  time: number;
  actionSource: ActionSource;
  facts: Facts;
  keys: MatchKeys;
  browser: BrowserContext;
  /** It comes from a beacon alone, which knows no address. */
  beacon: boolean;
  /** Whether it is the customer's first order; null: not known. */
  firstOrder: boolean | null;
  /** When it is decided whether it leaves, epoch milliseconds. */
  decidedAt: number;
}

/** What is known of the shop that an event is sent for. */
export interface SendingShop {
  /** ISO alpha-2, upper case. */
  country: string | null;
  /** The host shown to shoppers. */
  primaryDomain: string | null;
  /** ISO 4217. */
  currency: string | null;
  /** Whether its prices have their tax in them. */
  taxesIncluded: boolean | null;
}

/** What decides how, and whether, an event leaves. */
export interface Policies {
  dataset: DatasetPolicy;
  consent: ConsentPolicy;
}

export interface Departure {
  consent: ConsentDecision;
  /** JSON text of the event, exactly as it travels. */
  json: string;
  /** SHA-256 of `json`, hex. */
  hash: string;
  /** What of it says who it was. */
  userData: UserData;
  /** It happened in a browser that nothing is known of. */
  withoutBrowser: boolean;
}

export type Prepared = { ok: true; departure: Departure } | { ok: false; consent: ConsentDecision; ending: Ending };

/** `signal`: undefined takes the browser's own. */
export function prepare(
  outgoing: Outgoing,
  shop: SendingShop,
  { dataset: policy, consent: consentPolicy }: Policies,
  signal: ConsentSignal | null = outgoing.browser.consent,
): Prepared {
  const { facts, browser } = outgoing;
  const { country, usState, source } = facts;
  const { beacon, decidedAt: at } = outgoing;
  const consent = decideConsent(
    { country, usState, source, beacon, ipKnown: browser.ip !== null, signal, at },
    consentPolicy,
  );
  if (consent.ruling === "consent_refused" || consent.ruling === "no_consent_signal") {
    return { ok: false, consent, ending: endingFor(consent.ruling) };
  }
  const page = publicUrl(browser.url);
  if (!passesFilter(outgoing, page, policy)) return { ok: false, consent, ending: endingFor("filtered_out") };
  const pageUrl = page ?? storefrontOf(shop.primaryDomain === null ? facts.origin : `https://${shop.primaryDomain}`);
  const referrerUrl = publicUrl(browser.referrer);
  const event = metaEvent({
    name: outgoing.name,
    eventId: outgoing.eventId,
    time: outgoing.time,
    actionSource: outgoing.actionSource,
    facts,
    firstOrder: outgoing.firstOrder,
    value: worth(outgoing, shop, policy),
    contentIds: CONTENT_ID_FORMATS[policy.contentId].template(shop.country),
    restricted: policy.restricted,
    userData: userData(withVisitorId(outgoing.keys, browser), {
      client_ip_address: browser.ip,
      client_user_agent: browser.userAgent,
      fbc: browser.fbc,
      fbp: browser.fbp,
    }),
    pageUrl: policy.restricted ? originOf(pageUrl) : pageUrl,
    referrerUrl: policy.restricted ? originOf(referrerUrl) : referrerUrl,
    limitedDataUse: consent.limitedDataUse,
  });
  if (tooBroad(event.user_data)) return { ok: false, consent, ending: endingFor("no_match_keys") };
  if (lacksMoney(event)) return { ok: false, consent, ending: endingFor("no_money") };
  const json = JSON.stringify(event);
  if (isTooLarge({ json })) return { ok: false, consent, ending: endingFor("too_large") };
  const withoutBrowser = outgoing.actionSource === "website" && browser.userAgent === null;
  return { ok: true, departure: { consent, json, hash: sha256Hex(json), userData: event.user_data, withoutBrowser } };
}

/** What came back and what was added are told as they are: a part of a sum has no subtotal. */
const ALWAYS_WHOLE: ReadonlySet<string> = new Set(["Refund", "Upsell"]);

/** What an event is worth to the dataset; null where that is not known. */
export function worth(
  { name, facts }: Pick<Outgoing, "name" | "facts">,
  { currency, taxesIncluded }: Pick<SendingShop, "currency" | "taxesIncluded">,
  { value }: Pick<DatasetPolicy, "value">,
): Value | null {
  const policy = ALWAYS_WHOLE.has(name) ? { ...value, basis: "total" as const } : value;
  const { presentment, shop } = facts;
  return eventValue({ presentment, shop, taxesIncluded: facts.taxesIncluded ?? taxesIncluded }, policy, currency);
}

/** What happens on the shop's pages before anybody says who they are. */
export const BEFORE_THE_CHECKOUT: ReadonlySet<string> = new Set(["PageView", "ViewContent", "Search", "AddToCart"]);

/** What a page began is filtered by the page, what a checkout or an order began by its country. */
function passesFilter({ base, facts }: Outgoing, page: string | null, policy: DatasetPolicy): boolean {
  if (filtersNothing(policy)) return true;
  const filter = filterOf(policy);
  return BEFORE_THE_CHECKOUT.has(base) ? passes(filter, page) : passes(filter, null, facts.country);
}

/** Asked first, for most datasets are like that. */
function filtersNothing({ filter: { hosts, paths, countries, markets } }: DatasetPolicy): boolean {
  return hosts.length + paths.length + countries.length + markets.length === 0;
}

const PLAIN_ORIGIN = /^https:\/\/(?!xn--)(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;

/** The shop's front page. Nearly every one is plain, and need not be read as a URL, which takes far longer. */
function storefrontOf(origin: string | null): string | null {
  return origin !== null && PLAIN_ORIGIN.test(origin) ? `${origin}/` : publicPageUrl(origin);
}

/** Most orders tell of no page: what is not there need not fail as an address, which takes long. */
function publicUrl(url: string | null): string | null {
  return url === null ? null : publicPageUrl(url);
}

function originOf(url: string | null): string | null {
  return url === null ? null : new URL(url).origin;
}

/** Shopify's visitor id is an external id too, the same on both legs; it is known only where the shopper consented. */
function withVisitorId(keys: MatchKeys, { clientId }: BrowserContext): MatchKeys {
  if (clientId === null) return keys;
  return { ...keys, external_id: [...new Set([...(keys.external_id ?? []), sha256Hex(clientId)])] };
}
