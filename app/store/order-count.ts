import type { LedgerLine, RollupChange } from "./rows";

/** The dimension of the counts that the ledger keeps of its current lines. */
export const ORDER_DIMENSION = "order";

/** What an order is counted under; its browser's copy too, so that both legs can be told apart. */
export type OrderCount = Pick<LedgerLine, "source" | "outcome" | "reason" | "browser">;

export function orderCountValue({ source, outcome, reason, browser }: OrderCount): string {
  return JSON.stringify([source, outcome, reason, browser]);
}

/** Reads what `orderCountValue` wrote. */
export function orderCountOf(value: string): OrderCount {
  const [source, outcome, reason, browser] = JSON.parse(value);
  return { source, outcome, reason, browser };
}

/** How the counts change when a line begins (1) or ceases (-1) to be the last word on its order. */
export function orderCountChange(line: LedgerLine, count: 1 | -1): RollupChange {
  return {
    datasetId: line.datasetId,
    event: line.event,
    leg: "server",
    bucket: line.bucket,
    dimension: ORDER_DIMENSION,
    value: orderCountValue(line),
    count,
    sum: count * line.sum,
  };
}
