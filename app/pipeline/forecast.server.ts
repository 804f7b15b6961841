import type { Lookups } from "../lookup/lookups";
import { type Forecast, forecastOf, leaves } from "../outbox/replay";
import type { Shop } from "../settings/registry.server";
import type { ReplayCandidate, StoredEvent } from "../store/rows";
import type { Store } from "../store/store.server";
import { type EndedRow, partClaim, type Ready } from "./claimed.server";

interface ForecastDeps {
  store: Store;
  lookups: Lookups;
  /** Epoch milliseconds. */
  now: number;
}

/** Asks Shopify nothing: what hangs on its answers cannot be told. */
export const NOT_ASKED: Lookups = {
  orders: async (_shop, ids) => ({ told: new Map(), unasked: new Set(ids) }),
  products: async (_shop, ids) => ({ told: new Map(), unasked: new Set(ids) }),
};

/**
 * What will happen to events if they are tried again now: they are prepared as the drain would prepare them, by the same steps,
 * and go nowhere. In the order of the candidates. What a claim would decide anew it may yet decide otherwise.
 */
export async function forecasts(
  candidates: readonly ReplayCandidate[],
  shop: Shop,
  deps: ForecastDeps,
): Promise<Forecast[]> {
  const byRow = candidates.map((candidate) => forecastOf(candidate, deps.now));
  const leaving = new Set(byRow.filter(({ fate }) => leaves(fate)).map(({ id }) => id));
  const rows = leaving.size === 0 ? [] : await deps.store.eventsOf(shop.id, [...leaving]);
  const asked = listening(deps.lookups);
  const prepared = new Map<number, Outlook>();
  for (const dataset of shop.datasets) {
    const own = rows.filter(({ datasetId }) => datasetId === dataset.id).map(asClaimed);
    if (own.length === 0) continue;
    const { ready, ended, early } = await partClaim(own, shop, dataset, { ...deps, lookups: asked.lookups }, deps.now);
    for (const one of ready) prepared.set(one.row.id, { kind: "ready", one });
    for (const one of ended) prepared.set(one.row.id, { kind: "ended", one });
    for (const { row } of early) prepared.set(row.id, { kind: "early" });
  }
  return candidates.map((candidate, index) => {
    const first = byRow[index] ?? forecastOf(candidate, deps.now);
    return refined(first, prepared.get(candidate.id), candidate, asked.unasked);
  });
}

type Outlook = { kind: "ready"; one: Ready } | { kind: "ended"; one: EndedRow } | { kind: "early" };

/** As a claim would find it after the replay. */
function asClaimed(row: StoredEvent): StoredEvent {
  return { ...row, outcome: "waiting", reason: null, hold: null, attempts: 1, tries: 0 };
}

const CONSENT: ReadonlySet<string> = new Set(["consent_refused", "no_consent_signal"]);

function refined(
  byRow: Forecast,
  outlook: Outlook | undefined,
  { orderId, sentHash }: ReplayCandidate,
  unasked: ReadonlySet<string>,
): Forecast {
  if (!leaves(byRow.fate) || outlook === undefined) return byRow;
  const open = orderId !== null && unasked.has(orderId);
  switch (outlook.kind) {
    case "early":
      return { ...byRow, fate: "waits", bytes: "not_told" };
    case "ended": {
      const reason = outlook.one.ending.reason ?? outlook.one.ending.outcome;
      if (reason === "cannot_tell" && open) return { ...byRow, fate: "waits", bytes: "not_told" };
      return { ...byRow, fate: CONSENT.has(reason) ? "consent" : "ruled_out", reason };
    }
    case "ready": {
      if (sentHash === null) return byRow;
      if (outlook.one.departure.hash === sentHash) return { ...byRow, bytes: "same" };
      return { ...byRow, bytes: open ? "not_told" : "changed" };
    }
  }
}

/** Remembers which orders Shopify could not be asked about. */
function listening({ orders, products }: Lookups): { lookups: Lookups; unasked: ReadonlySet<string> } {
  const unasked = new Set<string>();
  return {
    unasked,
    lookups: {
      products,
      orders: async (shop, ids) => {
        const answers = await orders(shop, ids);
        for (const id of answers.unasked) unasked.add(id);
        return answers;
      },
    },
  };
}
