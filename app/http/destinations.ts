import { SHOP_DOMAIN } from "../events/shop-domain";

/**
 * Parameters that say where a page goes on to. Shopify's library takes any https address in the first, and writes it into a
 * script; App Bridge reads the second, and adds a session token to it.
 */
const DESTINATIONS = ["exitIframe", "shopify-reload"];

/** The parameter that would lead out of the app and of Shopify's admin; null: none does. */
export function strayDestination(query: URLSearchParams, appUrl: string): string | null {
  return DESTINATIONS.find((name) => query.getAll(name).some((address) => !isOurs(address, appUrl))) ?? null;
}

function isOurs(address: string, appUrl: string): boolean {
  if (!URL.canParse(address, appUrl)) return false;
  const { protocol, host, hostname } = new URL(address, appUrl);
  const app = new URL(appUrl);
  // Not the port: the library gives a localhost that names none the one of PORT.
  if (protocol === app.protocol && hostname === app.hostname) return true;
  return protocol === "https:" && (host === "admin.shopify.com" || SHOP_DOMAIN.test(host));
}
