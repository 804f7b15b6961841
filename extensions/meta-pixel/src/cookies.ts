import type { BrowserCookie, Shop } from "@shopify/web-pixels-extension";
import { cleanFbc, cleanFbp, clickIdOf, fbcFromUrl } from "../../../app/match-keys/normalise/click-id";
import { ask, askLater, type Hearsay } from "./asking";
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
  allowed: () => boolean,
): (page: unknown) => Promise<BrowserIds | undefined> {
  /** What this page has made: two events at once, and a browser that keeps no cookies, still have one identity on it. */
  const made: { [name: string]: string } = {};

  // A cookie that cannot be read may well be there: then there are no ids.
  return (page) =>
    askLater(() => {
      const { index, attributes } = ownSite(page, shop);
      const fresh = fbcFromUrl(page as string, Date.now(), index);

      /** `renewed`: what should be there, given what is. */
      const keep = (
        name: string,
        cleaned: (value: string | null) => string | null,
        renewed: (stored: string | undefined) => string | null | undefined,
      ): Promise<string | undefined> =>
        cookie.get(name).then((found) => {
          const stored = cleaned(found || null) || made[name];
          const value = renewed(stored);
          if (!value || !allowed()) return undefined;
          // From reading to here nothing waits: who comes second finds what the first has made.
          made[name] = value;
          return askLater<unknown>(() => value === stored || cookie.set(`${name}=${value}${attributes}`)).then(
            () => value,
          );
        });

      return Promise.all([
        keep(
          "_fbp",
          cleanFbp,
          (stored) => stored || `fb.${index}.${Date.now()}.${Math.floor(Math.random() * RANDOM_BELOW)}`,
        ),
        // A stored fbc stays as it is, its time included, until a page names another click.
        keep("_fbc", cleanFbc, (stored) =>
          fresh && (!stored || clickIdOf(stored) !== clickIdOf(fresh)) ? fresh : stored,
        ),
      ]).then(([fbp, fbc]) => ({ fbp, fbc }));
    });
}

/**
 * Meta's subdomain index (0 for com, 1 for example.com, 2 for www.example.com) and a cookie's attributes on this page.
 * Throws where it is not the shop's own: cookies of a checkout host that many shops share say nothing about this one.
 */
function ownSite(page: unknown, shop: () => Hearsay<Shop>): Site {
  const { protocol, hostname } = new URL(String(page));
  const storefront = ask(() => new URL(String(shop().storefrontUrl))) || new URL(`https://${shop().myshopifyDomain}`);
  // The widest that is surely the shop's: all its hosts, a checkout's too, share one browser id. A name of one label is
  // nobody's own domain: www.com stays as it is.
  const domain = storefront.hostname.replace(/^www\.(?=[^.]+\.)/, "");
  if (!`.${hostname}`.endsWith(`.${domain}`)) throw page;
  return {
    index: Math.min(domain.split(".").length - 1, HIGHEST_SUBDOMAIN_INDEX),
    // An address of numbers, or a name of one label, takes no domain.
    attributes: `; path=/; max-age=${COOKIE_SECONDS}; SameSite=Lax${/\..*[a-z]$/.test(domain) ? `; domain=${domain}` : ""}${protocol === "https:" ? "; Secure" : ""}`,
  };
}
