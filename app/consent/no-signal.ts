interface Counts {
  withheld: number;
  orders: number;
}

/** Orders of a shop that were not sent because no consent signal was heard, beside all that have ended. */
export interface NoSignal {
  /** Of the last 7 days. */
  withheld: number;
  orders: number;
  /** Of the last 24 hours. */
  day: Counts;
  /** Whether the last day has far more of them than the six before it. */
  jump: boolean;
}

/** Fewer on a day, or in the days before, say nothing. */
const FEWEST = 10;

/** `week`: of the last 7 days, the last of which is `day`. */
export function noSignal(week: Counts, day: Counts): NoSignal {
  const before = { withheld: week.withheld - day.withheld, orders: week.orders - day.orders };
  const enough = day.withheld >= FEWEST && before.orders >= FEWEST;
  return { ...week, day, jump: enough && share(day) >= alarmingAfter(share(before)) };
}

/** Twice the share, and ten points more of all; where most were silent before, half of the rest. */
function alarmingAfter(before: number): number {
  return Math.min(Math.max(before * 2, before + 0.1), (1 + before) / 2);
}

function share({ withheld, orders }: Counts): number {
  return orders === 0 ? 0 : withheld / orders;
}
