import { z } from "zod";
import type { Line } from "../events/event";
import { amount, helpfulId, helpfulText, quantity } from "./fields";

const described = { sku: helpfulText, vendor: helpfulText, title: helpfulText, quantity };

/** One line of an order or a checkout, as webhooks carry it. */
export const webhookLine = z.object({
  ...described,
  product_id: helpfulId,
  variant_id: helpfulId,
  price: amount.nullish().catch(null),
});

/** The same from a beacon. */
export const beaconLine = z.object({
  ...described,
  product: helpfulId,
  variant: helpfulId,
  price: amount.nullish().catch(null),
});

/** In our words, with its price in the buyer's currency or null; a line of no pieces is none. */
export function linesOf(item: z.output<typeof webhookLine>, price: string | null): Line[] {
  if (item.quantity === 0) return [];
  const { sku, vendor, title } = item;
  return [
    {
      product: item.product_id ?? null,
      variant: item.variant_id ?? null,
      sku,
      vendor,
      title,
      quantity: item.quantity,
      price,
    },
  ];
}

/** A beacon's line in our words. */
export function beaconLinesOf({ product, variant, price, ...item }: z.output<typeof beaconLine>): Line[] {
  return linesOf({ ...item, product_id: product, variant_id: variant, price: null }, price ?? null);
}
