import { ORDER_SOURCES, type OrderSource, TREATMENTS } from "../events/order-sources";
import type { Reason } from "../events/outcome";
import { isPastWindow } from "../outbox/window";
import { isOn, type Settings, treatmentOf } from "../settings/settings";
import { orderSourceOf } from "../sources/order-source";
import type { KnownOrder } from "../store/rows";
import type { ListedOrder } from "./asked-order";

/** Why an order would not be sent, as far as that can be told before it is asked for as a whole. */
export type Unsendable = Extract<Reason, "test_order" | "cancelled" | "too_late" | "source_off" | "event_off">;

/**
 * Pure; null: Meta would take it, as far as consent and the order itself allow. `known`: the dataset's row of it, where there is
 * one; `dataset`: Meta's number.
 */
export function obstacleOf(
  order: ListedOrder,
  known: KnownOrder | undefined,
  { settings, dataset }: { settings: Settings; dataset: string },
  now: number,
): Unsendable | null {
  if (order.test) return "test_order";
  if (order.cancelledAt !== null) return "cancelled";
  const off = switchedOff(order, settings, dataset);
  if (off !== null) return off;
  const event = known ?? { actionSource: actionSourceOf(order, settings), eventTime: order.processedAt };
  return isPastWindow(event, now) ? "too_late" : null;
}

/** Where an order came from, as far as its name tells. */
function sourceOf({ sourceName }: ListedOrder): OrderSource {
  const name = sourceName?.trim().toLowerCase() ?? "";
  return orderSourceOf({ name, app: null, hasCheckout: false, tags: [], backdated: false }, []);
}

/** A name that nobody knows may yet turn out to be a channel's; of all others it is sure what the matrix makes of them. */
function switchedOff(order: ListedOrder, settings: Settings, dataset: string): "source_off" | "event_off" | null {
  const source = sourceOf(order);
  if (source === "unknown") return null;
  const treatment = treatmentOf(settings, { source, traits: [] });
  if (treatment === "skip") return "source_off";
  return treatment === "custom" || isOn(settings, "Purchase", "server", dataset) ? null : "event_off";
}

/** Of a till's order Meta's window is longer, and those of all others are alike. */
function actionSourceOf(order: ListedOrder, settings: Settings): string {
  const source = sourceOf(order);
  const treatment = treatmentOf(settings, { source, traits: [] });
  return TREATMENTS[treatment].actionSource ?? TREATMENTS[ORDER_SOURCES[source].default].actionSource ?? "website";
}
