import type { Play } from "./play";

export type DrivenShopper = ReturnType<Play["stage"]["shopper"]>;

/** Buys once, so that the browser is known; comes by no ad. */
export async function buy(shopper: DrivenShopper): Promise<void> {
  await shopper.visit("/");
  await shopper.addToCart("tidewater-mug", "Ink", 2);
  await shopper.enterCheckout();
  await shopper.submitContact();
  await shopper.submitAddress();
  await shopper.pay({ gateway: "shopify_payments" });
  await shopper.idle();
}
