export interface Rate {
  /** Taken per second, in the long run. */
  perSecond: number;
  /** Taken at once after a pause. */
  burst: number;
}

/** Whether one more may pass under a name. */
export type Passes = (name: string, now: number) => boolean;

interface Bucket {
  left: number;
  at: number;
}

/** As many names as are remembered; the one that was heard of longest ago is forgotten first. */
const MOST_NAMES = 20_000;

/** How many processes take in together: each lets its part of a rate through, for whoever sends is spread over them. */
export type Sharers = () => number;

const ALONE: Sharers = () => 1;

/** A token bucket for each name. `now`: epoch milliseconds. */
export function tokenBuckets(rate: Rate, sharers: Sharers = ALONE, mostNames = MOST_NAMES): Passes {
  const wait = waits(rate, sharers, mostNames);
  return (name, now) => wait(name, now) === 0;
}

/** As long as one more has to wait under a name, in milliseconds; 0: it passes, and is counted. */
export type Waits = (name: string, now: number) => number;

/** The same buckets, for those who are told when to come again. */
export function waits(rate: Rate, sharers: Sharers = ALONE, mostNames = MOST_NAMES): Waits {
  const buckets = new Map<string, Bucket>();
  return (name, now) => {
    const parts = Math.max(1, sharers());
    const perSecond = rate.perSecond / parts;
    const burst = Math.max(1, rate.burst / parts);
    const before = buckets.get(name) ?? { left: burst, at: now };
    const left = Math.min(burst, before.left + (Math.max(0, now - before.at) / 1_000) * perSecond);
    // Deleted first: a Map keeps the order in which names came in.
    buckets.delete(name);
    buckets.set(name, { left: left >= 1 ? left - 1 : left, at: now });
    if (buckets.size > mostNames) buckets.delete(buckets.keys().next().value ?? "");
    return left >= 1 ? 0 : Math.ceil(((1 - left) / perSecond) * 1_000);
  };
}
