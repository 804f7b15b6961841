import { z } from "zod";
import type { Line } from "../events/event";
import { helpfulAmount, helpfulFlag, helpfulId, helpfulText, quantity } from "./fields";

const described = { sku: helpfulText, vendor: helpfulText, title: helpfulText, quantity };

/** One line of an order or a checkout, as webhooks carry it. */
export const webhookLine = z.object({
  ...described,
  product_id: helpfulId,
  variant_id: helpfulId,
  price: helpfulAmount,
});

/** The same from a beacon. */
export const beaconLine = z.object({
  ...described,
  product: helpfulId,
  variant: helpfulId,
  type: helpfulText,
  subscription: helpfulFlag,
  price: helpfulAmount,
});

/** In our words, with its price in the buyer's currency or null; a line of no pieces is none. */
export function linesOf(
  item: z.output<typeof webhookLine>,
  price: string | null,
  { type = null, subscription = null }: Partial<Pick<Line, "type" | "subscription">> = {},
): Line[] {
  if (item.quantity === 0) return [];
  const { sku, vendor, title } = item;
  return [
    {
      product: item.product_id ?? null,
      variant: item.variant_id ?? null,
      sku,
      vendor,
      title,
      type,
      subscription,
      quantity: item.quantity,
      price,
    },
  ];
}

/** A beacon's line in our words. */
export function beaconLinesOf(item: z.output<typeof beaconLine>): Line[] {
  const { product, variant, type, subscription = null, price = null } = item;
  return linesOf({ ...item, product_id: product, variant_id: variant, price: null }, price, { type, subscription });
}
