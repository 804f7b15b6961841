import { ORDER_SOURCE_NAMES } from "../events/order-sources";
import { OUTCOMES, type Outcome } from "../events/outcome";
import { type Day, dayRange } from "./day-range";

/** What the address of a page of orders asks for. */
export interface ReconciliationQuery {
  days: Day[];
  /** What is wrong with the days asked for; null: nothing. */
  fault: string | null;
  /** The id of its row; null: the shop has none. Of one at a time: told to two, an order would be counted twice. */
  datasetId: number | null;
  dataset: string;
  outcome: Outcome | null;
  /** An empty one: those without a reason; null: no matter. */
  reason: string | null;
  source: string | null;
  event: string | null;
}

/** Whose orders they are. */
interface AskedShop {
  datasets: readonly { id: number; dataset: string; disconnected: boolean }[];
  /** IANA name; null: not known. */
  timezone: string | null;
}

/** Reads an address; what is not understood is not asked for. */
export function reconciliationQuery(
  query: URLSearchParams,
  { datasets, timezone }: AskedShop,
  now: number,
): ReconciliationQuery {
  const range = dayRange(query.get("from"), query.get("to"), timezone, now);
  const dataset =
    datasets.find((one) => one.dataset === query.get("dataset")) ??
    datasets.find(({ disconnected }) => !disconnected) ??
    datasets[0];
  return {
    days: range.days,
    fault: range.ok ? null : range.says,
    datasetId: dataset?.id ?? null,
    dataset: dataset?.dataset ?? "",
    outcome: OUTCOMES.find((one) => one === query.get("outcome")) ?? null,
    reason: query.get("reason")?.slice(0, 200) ?? null,
    source: ORDER_SOURCE_NAMES.find((one) => one === query.get("source")) ?? null,
    event: query.get("event")?.slice(0, 200) ?? null,
  };
}

/** The span that some days cover; there is always one. */
export function spanOf(days: readonly Day[]): { start: number; end: number } {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) throw new Error("a range of no days");
  return { start: first.start, end: last.end };
}

/** The address of the orders behind a number. */
export function ordersUrl(
  { days, dataset }: Pick<ReconciliationQuery, "days" | "dataset">,
  narrowed: { outcome?: Outcome; reason?: string | null; source?: string; event?: string } = {},
): string {
  const query = new URLSearchParams({ from: days[0]?.date ?? "", to: days.at(-1)?.date ?? "" });
  if (dataset !== "") query.set("dataset", dataset);
  for (const [name, value] of Object.entries(narrowed)) if (value !== undefined) query.set(name, value ?? "");
  return `/app/reconciliation/orders?${query}`;
}
