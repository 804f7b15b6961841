import { createHash } from "node:crypto";
import { type ConsentDecision, decideConsent } from "../consent/decide";
import { isTooLarge } from "../delivery/batch";
import { lacksMoney, metaEvent } from "../delivery/payload";
import type { ActionSource, BrowserContext, ConsentSignal, Facts } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { publicPageUrl } from "../events/page-url";
import { sha256Hex } from "../match-keys/hash.server";
import { tooBroad } from "../match-keys/too-broad";
import { type MatchKeys, userData } from "../match-keys/user-data";

/**
 * From an event and all that is known by now to the bytes that leave, or to the reason why none do. Consent first, then
 * the payload, then our own validation, which is stricter than Meta's: one bad event must not cost a request.
 */

export interface Outgoing {
  name: string;
  eventId: string;
  /** Epoch milliseconds. */
  time: number;
  actionSource: ActionSource;
  facts: Facts;
  keys: MatchKeys;
  browser: BrowserContext;
  /** It comes from a beacon alone, which knows no address. */
  beacon: boolean;
}

export interface Departure {
  consent: ConsentDecision;
  /** JSON text of the event, exactly as it travels. */
  json: string;
  /** SHA-256 of `json`, hex. */
  hash: string;
}

export type Prepared = { ok: true; departure: Departure } | { ok: false; consent: ConsentDecision; ending: Ending };

/** `shop.primaryDomain`: the host shown to shoppers, null while unknown. `signal`: undefined takes the browser's own. */
export function prepare(
  outgoing: Outgoing,
  shop: { primaryDomain: string | null },
  signal: ConsentSignal | null = outgoing.browser.consent,
): Prepared {
  const { facts, browser } = outgoing;
  const consent = decideConsent({ ...facts, beacon: outgoing.beacon, signal });
  if (consent.ruling === "consent_refused" || consent.ruling === "no_consent_signal") {
    return { ok: false, consent, ending: endingFor(consent.ruling) };
  }
  const event = metaEvent({
    ...outgoing,
    userData: userData(withVisitorId(outgoing.keys, browser), {
      client_ip_address: browser.ip,
      client_user_agent: browser.userAgent,
      fbc: browser.fbc,
      fbp: browser.fbp,
    }),
    pageUrl:
      publicPageUrl(browser.url) ??
      publicPageUrl(shop.primaryDomain === null ? facts.origin : `https://${shop.primaryDomain}`),
    referrerUrl: publicPageUrl(browser.referrer),
    limitedDataUse: consent.limitedDataUse,
  });
  if (tooBroad(event.user_data)) return { ok: false, consent, ending: endingFor("no_match_keys") };
  if (lacksMoney(event)) return { ok: false, consent, ending: endingFor("no_money") };
  const json = JSON.stringify(event);
  if (isTooLarge({ json })) return { ok: false, consent, ending: endingFor("too_large") };
  return { ok: true, departure: { consent, json, hash: createHash("sha256").update(json).digest("hex") } };
}

/** Shopify's visitor id is an external id too, the same on both legs; it is known only where the shopper consented. */
function withVisitorId(keys: MatchKeys, { clientId }: BrowserContext): MatchKeys {
  if (clientId === null) return keys;
  return { ...keys, external_id: [...new Set([...(keys.external_id ?? []), sha256Hex(clientId)])] };
}
