import { type Rate, type Waits, waits } from "./rate.server";

/** What the staff of one shop may have us do, each process counting for itself. */
const RATES = {
  // Each is a request of its own to Meta, in a quota that the shop's events need; a person reads five answers a minute.
  testEvent: { perSecond: 1 / 10, burst: 5 },
  // Each is a mail to addresses that the shop typed, by the operator's server.
  testAlert: { perSecond: 1 / 60, burst: 3 },
} as const satisfies Record<string, Rate>;

type Deed = keyof typeof RATES;

const buckets = new Map<Deed, Waits>();

/** What keeps a shop from doing this once more now, in words; null: nothing, and it is counted. `now`: epoch milliseconds. */
export function tooSoon(deed: Deed, shop: string, now: number): string | null {
  const wait = buckets.get(deed) ?? waits(RATES[deed]);
  buckets.set(deed, wait);
  const seconds = Math.ceil(wait(shop, now) / 1_000);
  return seconds === 0 ? null : `That was often. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
}
