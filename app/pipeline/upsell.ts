import { decimal, millionths } from "../events/decimal";
import { type Amounts, type Facts, noFacts, type TandemEvent } from "../events/event";
import { upsellId } from "../events/event-id";
import type { MoneyPair } from "../sources/reading";

/** How an order stands after a change. */
export interface ChangedOrder {
  orderId: string;
  checkoutToken: string | null;
  /** What it comes to now. */
  current: MoneyPair;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * What was added to an order: the difference to the most it has come to so far; null where that is nothing, or where the
 * currency is another. `before`: JSON of the facts of its Purchase and of earlier upsells, the Purchase first.
 */
export function upsellOf({ orderId, checkoutToken, current, at }: ChangedOrder, before: string[]): TandemEvent | null {
  const told: Facts[] = before.map((facts) => JSON.parse(facts));
  const [purchase] = told;
  if (purchase === undefined) return null;
  const presentment = added(
    current.presentment_money,
    told.map((facts) => facts.presentment ?? facts.shop),
  );
  if (presentment === null) return null;
  return {
    name: "Upsell",
    id: upsellId(orderId, told.length),
    time: at,
    actionSource: "system_generated",
    checkoutToken,
    facts: {
      ...noFacts(purchase.source),
      country: purchase.country,
      usState: purchase.usState,
      presentment,
      shop: added(
        current.shop_money,
        told.map((facts) => facts.shop),
      ),
      orderId,
    },
  };
}

/** What is told of an order adds up: its Purchase, and each upsell on top. */
function added({ amount, currency_code: currency }: MoneyPair["shop_money"], told: (Amounts | null)[]): Amounts | null {
  let sum = 0n;
  for (const amounts of told) {
    if (amounts?.currency !== currency) return null;
    sum += millionths(amounts.total);
  }
  const more = millionths(amount) - sum;
  return more > 0n
    ? { currency, subtotal: null, shipping: null, tax: null, shippingTax: null, total: decimal(more) }
    : null;
}
