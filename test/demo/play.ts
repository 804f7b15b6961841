import type { PlacedOrder } from "../simulators/shopify/storefront/storefront";
import { bodyOf, type ShopperOrder, type WebhookOrder } from "./day";
import { SHOP, type Stage } from "./stage";

const LANDING = "/?utm_source=facebook&fbclid=IwAR3demo_Click-ID";

/** Somebody comes from an ad, looks around, buys, and leaves. Throws when the pixel broke anything. */
export async function shop(
  { who, journey = {} }: ShopperOrder,
  { shopper: open, storefront }: Stage,
): Promise<PlacedOrder> {
  const shopper = open(who);
  try {
    await shopper.visit(LANDING, { referrer: "https://l.facebook.com/" });
    await shopper.search("mug");
    await shopper.addToCart("tidewater-mug", "Ink", 2);
    await shopper.enterCheckout();
    for (let again = 0; again < (journey.reenters ?? 0); again += 1) {
      await shopper.viewProduct("evening-candle");
      await shopper.addToCart("evening-candle", "Small");
      await shopper.enterCheckout();
    }
    await shopper.submitContact();
    if (journey.discount !== undefined) await shopper.applyDiscount(journey.discount);
    await shopper.submitAddress();
    const order = await shopper.pay({ gateway: journey.bogus ? "bogus" : "shopify_payments" });
    if (journey.consentsAtTheEnd) shopper.choose({ tracking: "given" });
    await shopper.idle();
    await storefront.settled();
    if (shopper.faults.length > 0) throw new Error(`the pixel threw: ${shopper.faults.join("; ")}`);
    return order;
  } finally {
    await shopper.close();
  }
}

/** Shopify tells of an order that no browser saw; answers its digits. */
export async function announce(scripted: WebhookOrder, { shopify }: Pick<Stage, "shopify">): Promise<string> {
  const order = String(scripted.options.id);
  for (const [index, step] of scripted.steps.entries()) {
    if (scripted.missedHours !== undefined) {
      shopify.books.enter(step.topic, bodyOf(scripted, step), SHOP);
      continue;
    }
    const webhook = { topic: step.topic, id: `webhook-${order}-${index}`, order, body: bodyOf(scripted, step) };
    await Promise.all(Array.from({ length: step.copies ?? 1 }, () => shopify.deliver(webhook)));
  }
  return order;
}
