import { ORDER_SOURCES, TREATMENTS } from "../events/order-sources";
import type { Reason } from "../events/outcome";
import { isPastWindow } from "../outbox/window";
import { type Settings, treatmentOf } from "../settings/settings";
import { orderSourceOf } from "../sources/order-source";
import type { KnownOrder } from "../store/rows";
import type { ListedOrder } from "./asked-order";

/** Why an order would not be sent, as far as that can be told before it is asked for as a whole. */
export type Unsendable = Extract<Reason, "test_order" | "cancelled" | "too_late">;

/** Pure; null: Meta would take it. `known`: the dataset's row of it, where there is one. */
export function obstacleOf(
  order: ListedOrder,
  known: KnownOrder | undefined,
  settings: Settings,
  now: number,
): Unsendable | null {
  if (order.test) return "test_order";
  if (order.cancelledAt !== null) return "cancelled";
  const event = known ?? { actionSource: actionSourceOf(order, settings), eventTime: order.processedAt };
  return isPastWindow(event, now) ? "too_late" : null;
}

/** By its name alone: of a till's order Meta's window is longer, and those of all others are alike. */
function actionSourceOf({ sourceName }: ListedOrder, settings: Settings): string {
  const name = sourceName?.trim().toLowerCase() ?? "";
  const source = orderSourceOf({ name, app: null, hasCheckout: false, tags: [], backdated: false }, []);
  const treatment = treatmentOf(settings, { source, traits: [] });
  return TREATMENTS[treatment].actionSource ?? TREATMENTS[ORDER_SOURCES[source].default].actionSource ?? "website";
}
