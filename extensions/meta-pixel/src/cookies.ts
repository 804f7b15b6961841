import type { BrowserCookie, Shop } from "@shopify/web-pixels-extension";
import { cleanFbc, cleanFbp, clickIdOf, fbcFromUrl } from "../../../app/match-keys/normalise/click-id";
import { ask, askLater, type Hearsay } from "./asking";
import type { Effects } from "./effects";
import { COOKIE_SECONDS, HIGHEST_SUBDOMAIN_INDEX, RANDOM_BELOW } from "./limits";

/** Meta's cookies, byte for byte. */
export interface BrowserIds {
  fbp?: string | undefined;
  fbc?: string | undefined;
}

interface Site {
  index: number;
  attributes: string;
}

/**
 * Reads Meta's two cookies and writes what is missing: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/fbp-and-fbc
 * `allowed` says whether the shopper still agrees.
 */
export function cookieJar(
  cookie: BrowserCookie,
  shop: () => Hearsay<Shop>,
  { now, random }: Effects,
  allowed: () => boolean,
): (page: string | undefined) => Promise<BrowserIds> {
  /** What this page has made: two events at once, and a browser that keeps no cookies, still have one identity on it. */
  const made: { [name: string]: string } = {};

  return async (page) => {
    const site = ownSite(page, shop);
    if (!site) return {};
    const { index, attributes } = site;
    const fresh = fbcFromUrl(page || null, now(), index);

    /** `renewed`: what should be there, given what is. */
    async function keep(
      name: string,
      cleaned: (value: string | null) => string | null,
      renewed: (stored: string | null | undefined) => string | null | undefined,
    ): Promise<string | undefined> {
      const found = cleaned((await cookie.get(name)) || null);
      const stored = found || made[name];
      const value = renewed(stored);
      if (!value || !allowed()) return undefined;
      // From reading to here nothing waits: who comes second finds what the first has made.
      made[name] = value;
      if (value !== stored) await askLater(() => cookie.set(`${name}=${value}${attributes}`));
      return value;
    }

    const ids = await askLater(async () => ({
      fbp: await keep(
        "_fbp",
        cleanFbp,
        (stored) => stored || `fb.${index}.${now()}.${Math.floor(random() * RANDOM_BELOW)}`,
      ),
      // A stored fbc stays as it is, its time included, until a page names another click.
      fbc: await keep("_fbc", cleanFbc, (stored) =>
        fresh && (!stored || clickIdOf(stored) !== clickIdOf(fresh)) ? fresh : stored,
      ),
    }));
    // A cookie that cannot be read may well be there.
    return ids || {};
  };
}

/**
 * Meta's subdomain index (0 for com, 1 for example.com, 2 for www.example.com) and a cookie's attributes on this page.
 * Undefined where it is not the shop's own: cookies of a checkout host that many shops share say nothing about this one.
 */
function ownSite(page: string | undefined, shop: () => Hearsay<Shop>): Site | undefined {
  const url = ask(() => new URL(String(page)));
  const storefront =
    ask(() => new URL(String(shop().storefrontUrl))) || ask(() => new URL(`https://${shop().myshopifyDomain}`));
  if (!url || !storefront) return undefined;
  // The widest that is surely the shop's: all its hosts, a checkout's too, share one browser id.
  const domain = withoutWww(storefront.hostname);
  if (!`.${url.hostname}`.endsWith(`.${domain}`)) return undefined;
  return {
    index: Math.min(domain.split(".").length - 1, HIGHEST_SUBDOMAIN_INDEX),
    // An address of numbers, or a name of one label, takes no domain.
    attributes: `; path=/; max-age=${COOKIE_SECONDS}; SameSite=Lax${/\..*[a-z]$/.test(domain) ? `; domain=${domain}` : ""}${url.protocol === "https:" ? "; Secure" : ""}`,
  };
}

/** A name of one label is nobody's own domain: www.com stays as it is. */
function withoutWww(hostname: string): string {
  return hostname.replace(/^www\.(?=[^.]+\.)/, "");
}
