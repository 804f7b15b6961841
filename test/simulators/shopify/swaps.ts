import { ADMIN_ORIGIN, fromAdminUrl } from "./admin/addresses";

/** What the proxy changes in the app's answers, so that a browser without Shopify can show them. All else passes. */

/** A header as it stood on the wire. */
export type HeaderPair = readonly [name: string, value: string];

const CDN = "https://cdn.shopify.com";
export const APP_BRIDGE_PATH = "/stand-in/app-bridge.js";
export const EMPTY_PATH = "/stand-in/empty.css";

/** Where an error page or the bounce page is told of another App Bridge (APP_BRIDGE_URL), that one is swapped too. */
const APP_BRIDGE_TAG = /(<script\b[^>]*\bsrc=")[^"]*\/app-bridge\.js(")/g;
const CDN_LINK = /(<link\b[^>]*\bhref=")https:\/\/cdn\.shopify\.com[^"]*(")/g;

/** Tags are kept and only pointed elsewhere: React hydrates the whole document and misses a tag that is gone. */
export function swapDocument(html: string): string {
  return html.replace(APP_BRIDGE_TAG, `$1${APP_BRIDGE_PATH}$2`).replace(CDN_LINK, `$1${EMPTY_PATH}$2`);
}

export function swapHeaders(pairs: readonly HeaderPair[]): HeaderPair[] {
  return pairs.flatMap(([name, value]): HeaderPair[] => {
    switch (name.toLowerCase()) {
      case "content-security-policy":
        return [[name, swapFrameAncestors(value)]];
      case "location":
        return [[name, fromAdminUrl(value) ?? value]];
      case "link": {
        const links = value.split(/,(?=\s*<)/).filter((link) => !link.includes(`<${CDN}`));
        return links.length === 0 ? [] : [[name, links.join(",")]];
      }
      default:
        return [[name, value]];
    }
  });
}

/** The stand-in's admin may frame what Shopify's admin may; what lets no admin in stays shut. */
function swapFrameAncestors(policy: string): string {
  return policy.replace(/frame-ancestors\s[^;]*/g, (directive) =>
    directive.includes(ADMIN_ORIGIN) ? "frame-ancestors 'self'" : directive,
  );
}
