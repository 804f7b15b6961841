/**
 * Sections of a storefront whose deeper path is a secret or a person's: everything behind them is cut. In front may stand a
 * market's language, or the shop's number. Apps make pages with a customer's e-mail in the path: it ends before that.
 */
const PRIVATE_SECTION =
  /^(\/(([a-z]{2}(-[a-z]{2,8})?|\d+)\/)?(checkouts|orders|account|gift_cards))(\/.*)?$|\/[^/]*(@|%40).*$/i;

/** A page's address as it may leave: no query, no fragment, no secrets. Null when it is no web address. */
export function publicPageUrl(url: string | null): string | null {
  // Not URL.canParse: shoppers' browsers learned it only in 2023.
  try {
    // Of other schemes the origin is "null".
    const { origin, pathname } = new URL(url || "");
    return /^http/.test(origin) ? origin + pathname.replace(PRIVATE_SECTION, "$1") : null;
  } catch {
    return null;
  }
}
