import { z } from "zod";
import { rowIdOf } from "../events/row-id";
import type { ReplaySelection } from "./replay";

const absent = z.preprocess(
  (value) => (value === "" ? undefined : value),
  z.string().max(200, "is too long").optional(),
);

/** What a person picks on the Replay page: events that ended, or wait, for one cause. As it stands in the page's address. */
export const replayChoice = z.object({
  outcome: z.enum(["rejected", "dead", "waiting"], { message: "must be rejected, dead or waiting" }),
  /** As it is stored; absent: whatever it was. */
  reason: absent,
  /** Meta's number; absent: all. */
  dataset: absent.pipe(
    z
      .string()
      .regex(/^\d{1,20}$/, "must be a dataset's number")
      .optional(),
  ),
  event: absent,
  /** The number of one delivery; absent: all that fit. */
  delivery: absent.pipe(
    z
      .string()
      .refine((text) => rowIdOf(text) !== null, "must be a delivery's number")
      .transform(Number)
      .optional(),
  ),
});

export type ReplayChoice = z.output<typeof replayChoice>;

const whole = (what: string) =>
  z
    .string({ message: `${what} is missing: look again` })
    .regex(/^\d{1,10}$/, `${what} must be a whole number`)
    .transform(Number);

/** What a person says yes to: what the page showed, as its form sends it. */
export const replayConfirmation = replayChoice.extend({
  /** The last row that was looked at. */
  upTo: whole("the last event looked at"),
  /** So many were meant. */
  matched: whole("the number of events"),
  /** Also what may be counted twice. */
  doubling: z
    .string()
    .optional()
    .transform((text) => text === "1"),
});

/** The events that are picked; null: the shop has no such dataset. */
export function selectionOf(
  { outcome, reason, dataset, event, delivery }: ReplayChoice,
  shop: { id: number; datasets: readonly { id: number; dataset: string }[] },
): ReplaySelection | null {
  const row = dataset === undefined ? null : shop.datasets.find((one) => one.dataset === dataset);
  if (row === undefined) return null;
  return {
    shopId: shop.id,
    outcomes: [outcome],
    rowId: delivery ?? null,
    reason: reason ?? null,
    datasetId: row?.id ?? null,
    name: event ?? null,
    eventId: null,
    since: null,
    until: null,
  };
}
