import type { Lookups } from "../lookup/lookups";
import type { Forecast, ReplaySelection } from "../outbox/replay";
import { type Replayed, replay } from "../outbox/replay.server";
import type { Shop } from "../settings/registry.server";
import type { ReplayCandidate } from "../store/rows";
import type { Store } from "../store/store.server";
import { forecasts, NOT_ASKED } from "./forecast.server";

interface ReplayingDeps {
  store: Store;
  lookups: Lookups;
  /** Epoch milliseconds. */
  now: number;
}

/** What one confirmation brings back at the most; the rest can be confirmed next. */
export const MOST_AT_ONCE = 2_000;
/** A page must not walk through an outage. */
const BOUNDS = { most: MOST_AT_ONCE, mostLooked: 20_000 };

/** What will happen to one event. */
export interface Foretold extends Forecast, Pick<ReplayCandidate, "name" | "eventId" | "orderId" | "datasetId"> {}

/** What a replay would come to, event by event; nothing changes. */
export async function lookAhead(
  selection: ReplaySelection,
  shop: Shop,
  deps: ReplayingDeps,
): Promise<{ result: Replayed; foretold: Foretold[] }> {
  const { store, now } = deps;
  const lookups = briefly(deps.lookups);
  const foretold: Foretold[] = [];
  const result = await replay(selection, {
    ...BOUNDS,
    store,
    now,
    dryRun: true,
    foresee: (rows) => forecasts(rows, shop, { store, lookups, now }),
    onForecast: ({ name, eventId, orderId, datasetId }, forecast) =>
      foretold.push({ ...forecast, name, eventId, orderId, datasetId }),
  });
  return { result, foretold };
}

/** Lets what a look ahead has told of leave. `doubling`: also what may be counted twice. */
export function bringBack(
  selection: ReplaySelection,
  shop: Shop,
  { store, now, doubling }: Pick<ReplayingDeps, "store" | "now"> & { doubling: boolean },
): Promise<Replayed> {
  // Shopify is asked when they are claimed.
  const foresee = (rows: readonly ReplayCandidate[]) => forecasts(rows, shop, { store, lookups: NOT_ASKED, now });
  return replay(selection, { ...BOUNDS, store, now, dryRun: false, doubling, foresee });
}

/** How many wait for a later try in the last day that Meta takes them. */
export function soonTooOld(shopId: number, { store, now }: Pick<ReplayingDeps, "store" | "now">): Promise<Replayed> {
  const all = { rowId: null, reason: null, datasetId: null, name: null, eventId: null, since: null, until: null };
  return replay({ shopId, outcomes: ["waiting"], ...all }, { ...BOUNDS, mostLooked: 5_000, store, now, dryRun: true });
}

const PATIENCE_MS = 3_000;

/** A page waits for Shopify for so long in all. */
function briefly(lookups: Lookups): Lookups {
  const until = performance.now() + PATIENCE_MS;
  const chosen = () => (performance.now() < until ? lookups : NOT_ASKED);
  return {
    orders: (shop, ids) => chosen().orders(shop, ids),
    products: (shop, ids) => chosen().products(shop, ids),
  };
}
