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
const BOUNDS = { most: MOST_AT_ONCE, mostLooked: 20_000, countTooOld: true };

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

/** What a person saw and said yes to. */
export interface Confirmed {
  /** The last row that was looked at. */
  upTo: number;
  /** So many were meant. */
  matched: number;
  /** Also what may be counted twice. */
  doubling: boolean;
}

/** Lets what a look ahead has told of leave. Null: more is meant by now than was seen, and nothing was done. */
export async function bringBack(
  selection: ReplaySelection,
  shop: Shop,
  { upTo, matched, doubling }: Confirmed,
  { store, now }: Pick<ReplayingDeps, "store" | "now">,
): Promise<Replayed | null> {
  // Shopify is asked when they are claimed.
  const foresee = (rows: readonly ReplayCandidate[]) => forecasts(rows, shop, { store, lookups: NOT_ASKED, now });
  const deps = { ...BOUNDS, store, now, upTo, doubling, foresee };
  const seen = await replay(selection, { ...deps, dryRun: true });
  if (seen.matched > matched) return null;
  return replay(selection, { ...deps, dryRun: false });
}

/** How many wait for a later try in the last day that Meta takes them. */
export function soonTooOld(shopId: number, { store, now }: Pick<ReplayingDeps, "store" | "now">): Promise<Replayed> {
  const all = { rowId: null, reason: null, datasetId: null, name: null, eventId: null, since: null, until: null };
  const bounds = { mostLooked: 5_000, countTooOld: true };
  return replay({ shopId, outcomes: ["waiting"], ...all }, { ...bounds, store, now, dryRun: true });
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
