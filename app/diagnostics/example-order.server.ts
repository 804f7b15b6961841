import { type Amounts, noFacts, unknownBrowser } from "../events/event";
import { purchaseId } from "../events/event-id";
import { sha256Hex } from "../match-keys/hash.server";
import type { MatchKeys } from "../match-keys/user-data";
import type { ShopMoney } from "../settings/dataset-policy";
import type { ShownOrder } from "./last-order";

const CHECKOUT = "example0000000000000000000000000";
const ORDER = "1000000000001";

/** What one of the shop's money is abroad: the two only have to be seen to differ. */
const ABROAD = 2;

/** Of nobody. */
export function exampleKeys(): MatchKeys {
  return { em: [sha256Hex("jo@example.com")], fn: [sha256Hex("jo")], ln: [sha256Hex("example")] };
}

/** An order that nobody placed, in the shop's own money, for a shop that has none to show yet. `at`: epoch milliseconds. */
export function exampleOrder(shop: ShopMoney & { country: string | null }, at: number): ShownOrder {
  const currency = shop.currency ?? "USD";
  const foreign = shop.currencies?.find((one) => one !== currency);
  const taxesIncluded = shop.taxesIncluded ?? false;
  return {
    event: {
      name: "Purchase",
      id: purchaseId(CHECKOUT, ORDER),
      time: at,
      actionSource: "website",
      checkoutToken: CHECKOUT,
      facts: {
        ...noFacts("web"),
        country: shop.country,
        presentment: amounts(foreign ?? currency, foreign === undefined ? 1 : ABROAD, taxesIncluded),
        shop: amounts(currency, 1, taxesIncluded),
        taxesIncluded,
        lines: [
          {
            product: "9001",
            variant: "48001",
            sku: "EXAMPLE-1",
            vendor: "Example",
            title: "Example article",
            type: null,
            subscription: false,
            quantity: 2,
            price: (25 * (foreign === undefined ? 1 : ABROAD)).toFixed(2),
          },
        ],
        orderId: ORDER,
      },
    },
    products: new Map(),
    paid: true,
    keys: exampleKeys(),
    browser: { ...unknownBrowser(), fbp: `fb.1.${at}.1234567890` },
    signal: { analytics: true, marketing: true, preferences: true, saleOfData: true },
  };
}

/** Goods for 50, shipping for 5, a tenth of it tax. */
function amounts(currency: string, rate: number, taxesIncluded: boolean): Amounts {
  const told = (sum: number) => (sum * rate).toFixed(2);
  return taxesIncluded
    ? { currency, subtotal: told(50), shipping: told(5), tax: told(5), shippingTax: told(0.45), total: told(55) }
    : { currency, subtotal: told(50), shipping: told(5), tax: told(5.5), shippingTax: told(0.5), total: told(60.5) };
}
