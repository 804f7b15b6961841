import { z } from "zod";
import { counted } from "../counted";

/** What was done about a request, in numbers. Nothing in it tells whom it was about. */
export const receiptSchema = z.discriminatedUnion("did", [
  z.object({ did: z.literal("prepared"), events: z.number(), visits: z.number() }),
  z.object({ did: z.literal("erased"), events: z.number(), visits: z.number() }),
  z.object({ did: z.literal("erased_shop"), rows: z.number(), shop: z.string() }),
  z.object({ did: z.literal("kept_shop") }),
]);

export type Receipt = z.output<typeof receiptSchema>;

/** What a person reads of it. */
export function receiptWords(receipt: Receipt): string {
  switch (receipt.did) {
    case "prepared":
      return `${found(receipt)} found, for you to hand over`;
    case "erased":
      return `${found(receipt)} erased`;
    case "erased_shop":
      return `the shop with its data key erased: ${counted(receipt.rows, "row")}`;
    case "kept_shop":
      return "nothing: the shop has been installed again since";
  }
}

function found({ events, visits }: { events: number; visits: number }): string {
  return `${counted(events, "event")} and ${counted(visits, "remembered visit")}`;
}
