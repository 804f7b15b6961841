import type { TandemEvent } from "../events/event";
import { customOrderId } from "../events/event-id";
import { ORDER_SOURCES, ORDER_TRAITS, TREATMENTS } from "../events/order-sources";
import { type Ending, endingFor } from "../events/outcome";
import type { DatasetPolicy } from "../settings/dataset-policy";
import { type Settings, treatmentOf } from "../settings/settings";
import type { EventReading, OrderState } from "../sources/reading";
import { isAsked } from "../sources/topics";

/** What a dataset makes of an event on arrival, its toggles apart. */
export interface Treated {
  event: TandemEvent;
  /** The rule that ends it before it is even stored as waiting; null: it may go on. Time rules are separate. */
  end: Ending | null;
  /** It counts once it is paid, and it is not. */
  unpaid: boolean;
}

/** The dataset an event is for. */
export interface Addressee {
  /** Meta's number of it; null: none in particular. */
  dataset: string | null;
  policy: DatasetPolicy;
  /** Epoch milliseconds; null: ages do not matter. */
  connectedAt: number | null;
}

/** What the senders' words say of an event besides itself. */
export type Told = Pick<EventReading, "event" | "skip" | "order" | "account">;

/** Applies the merchant's sources matrix and the dataset's trigger to what a webhook or a beacon says. */
export function treat(
  { event, skip, order, account }: Told,
  topic: string,
  { policy, connectedAt }: Pick<Addressee, "policy" | "connectedAt">,
  settings: Settings,
): Treated {
  const ended = (end: Ending, as = event): Treated => ({ event: as, end, unpaid: false });
  if (skip !== null) return ended(endingFor(skip));
  if (account === false && settings.registrations === "account") return ended(endingFor("no_account"));
  if (order === null) return { event, end: null, unpaid: false };
  if (order.cancelled) return ended(endingFor("cancelled"));
  const treated = byMatrix(event, settings);
  if (treated === null) return ended(endingFor(event.facts.source === "unknown" ? "unknown_source" : "source_off"));
  const older = (topic === "orders/paid" || topic === "sweep") && isOlder(order, connectedAt);
  // The sweep finds whatever was ordered before us, paid or not.
  if (older && topic === "sweep") return ended(endingFor("before_connection"), treated);
  // Without it neither consent nor the browser's copy can be found, and Meta would know the order under two names.
  if (isAsked(topic) && treated.facts.source === "web" && treated.checkoutToken === null) {
    return ended(endingFor("no_checkout_token"), treated);
  }
  const unpaid = policy.trigger === "payment" && !order.paid;
  if (unpaid) return older ? ended(endingFor("awaiting_payment"), treated) : { event: treated, end: null, unpaid };
  const counted = policy.trigger === "order" ? treated : { ...treated, time: order.updatedAt ?? treated.time };
  return older ? ended(endingFor("before_connection"), counted) : { event: counted, end: null, unpaid };
}

/** What the sources matrix makes of an order; null: it is not sent. */
function byMatrix(event: TandemEvent, settings: Settings): TandemEvent | null {
  const { source, traits, orderId } = event.facts;
  const treatment = treatmentOf(settings, event.facts);
  if (treatment === "skip") return null;
  if (treatment !== "custom") return { ...event, actionSource: TREATMENTS[treatment].actionSource };
  const trait = traits.find((one) => settings.matrix.traits[one] === "custom");
  return {
    ...event,
    name: trait === undefined ? ORDER_SOURCES[source].custom : ORDER_TRAITS[trait].custom,
    id: customOrderId(trait ?? source, orderId ?? ""),
    actionSource: TREATMENTS[ORDER_SOURCES[source].default].actionSource ?? "system_generated",
  };
}

/** Whether an order was placed before the dataset was connected: it may well have been told by whoever came before us. */
function isOlder({ createdAt }: OrderState, connectedAt: number | null): boolean {
  return createdAt !== null && connectedAt !== null && createdAt < connectedAt;
}
