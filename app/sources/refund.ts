import { z } from "zod";
import { decimal, millionths } from "../events/decimal";
import { type Amounts, nobody, noFacts, unknownBrowser } from "../events/event";
import { refundId } from "../events/event-id";
import { amount, currency, helpfulText, id, instant } from "./fields";
import type { EventReading } from "./reading";

const transaction = z.object({ kind: helpfulText, status: helpfulText, amount, currency: currency.nullish() });

/** The fields of refunds/create that Tandem reads. It says nothing of the person: that is known from the order. */
export const refund = z.object({
  id,
  order_id: id,
  created_at: instant,
  transactions: z.array(transaction).nullish(),
});

export function refunded(body: z.output<typeof refund>): EventReading {
  return {
    kind: "event",
    person: nobody(),
    browser: unknownBrowser(),
    landing: null,
    skip: null,
    order: null,
    account: null,
    event: {
      name: "Refund",
      id: refundId(body.id),
      time: body.created_at,
      actionSource: "system_generated",
      checkoutToken: null,
      facts: { ...noFacts("unknown"), presentment: amountsOf(body), orderId: body.order_id },
    },
  };
}

/** What went back to the customer, where it is all in one currency. A refund in kind moves no money. */
function amountsOf({ transactions }: z.output<typeof refund>): Amounts | null {
  const paid = (transactions ?? []).filter(
    ({ kind, status }) => kind === "refund" && (status ?? "success") === "success",
  );
  const [first] = paid;
  if (!first?.currency || paid.some((one) => one.currency !== first.currency)) return null;
  const total = decimal(paid.reduce((sum, one) => sum + millionths(one.amount), 0n));
  return { currency: first.currency, subtotal: null, shipping: null, tax: null, shippingTax: null, total };
}
