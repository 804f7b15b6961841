/** Orders of a shop that were not sent because no consent signal was heard, beside all that have ended. */
export interface NoSignal {
  /** Of the last 7 days. */
  withheld: number;
  orders: number;
  /** Whether the last day has far more of them than the week before. */
  jump: boolean;
}

interface Counts {
  withheld: number;
  orders: number;
}

/** Fewer on a day say nothing. */
const FEWEST = 10;
/** By how much a day's share is above the week's before something is wrong. */
const TIMES = 2;
const POINTS = 0.1;

/** `week`: of the last 7 days, the last of which is `day`. */
export function noSignal(week: Counts, day: Counts): NoSignal {
  const before = share({ withheld: week.withheld - day.withheld, orders: week.orders - day.orders });
  const lately = share(day);
  return { ...week, jump: day.withheld >= FEWEST && lately >= before * TIMES && lately >= before + POINTS };
}

function share({ withheld, orders }: Counts): number {
  return orders === 0 ? 0 : withheld / orders;
}
