import type { BrowserContext } from "~/events/event";
import { freshFbc } from "./click-age";
import { clickIdOf } from "./normalise/click-id";

/**
 * One browser out of several accounts of it, the nearest to the event first. Click ids, page and visitor id come from the
 * browser's own words where there are any, IP and user agent from the event's own request; of two addresses Meta prefers
 * IPv6: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 * `now`: epoch milliseconds, null where ages do not matter; a click that is too old by then is passed over.
 */
export function joinBrowser(own: BrowserContext, told: readonly BrowserContext[], now: number | null): BrowserContext {
  if (told.length === 0) return alone(own, now);
  const inWords = [...told, own];
  const byRequest = [own, ...told];
  return {
    ip: byRequest.find(({ ip }) => ip?.includes(":"))?.ip ?? first(byRequest, "ip"),
    userAgent: first(byRequest, "userAgent"),
    fbp: first(inWords, "fbp"),
    fbc: firstFresh(inWords, now),
    url: first(inWords, "url"),
    referrer: first(inWords, "referrer"),
    clientId: first(inWords, "clientId"),
    consent: first(inWords, "consent"),
  };
}

function alone({ ip, userAgent, fbp, fbc, url, referrer, clientId, consent }: BrowserContext, now: number | null) {
  return { ip, userAgent, fbp, fbc: freshFbc(fbc, now), url, referrer, clientId, consent };
}

/** Adds to one account what it lacks and another knows; nothing is overwritten. */
export function fillBrowser(known: BrowserContext, later: BrowserContext): BrowserContext {
  return {
    ip: known.ip ?? later.ip,
    userAgent: known.userAgent ?? later.userAgent,
    fbp: known.fbp ?? later.fbp,
    fbc: known.fbc ?? later.fbc,
    url: known.url ?? later.url,
    referrer: known.referrer ?? later.referrer,
    clientId: known.clientId ?? later.clientId,
    consent: known.consent ?? later.consent,
  };
}

/** A click that one account dates too old does not become new because another met its link again later. */
function firstFresh(accounts: readonly BrowserContext[], now: number | null): string | null {
  const clicks = accounts.flatMap(({ fbc }) => fbc ?? []);
  const fresh = clicks.filter((fbc) => freshFbc(fbc, now) !== null);
  if (fresh.length === clicks.length) return fresh[0] ?? null;
  const tooOld = new Set(clicks.filter((fbc) => !fresh.includes(fbc)).map(clickIdOf));
  return fresh.find((fbc) => !tooOld.has(clickIdOf(fbc))) ?? null;
}

function first<Key extends keyof BrowserContext>(accounts: readonly BrowserContext[], key: Key): BrowserContext[Key] {
  for (const account of accounts) {
    if (account[key] !== null) return account[key];
  }
  return null as BrowserContext[Key];
}
