import type { Facts } from "../events/event";
import type { Log } from "../log.server";
import type { Next } from "../outbox/ending";
import { rollupChanges, summed } from "../outbox/rollup";
import { windowOf } from "../outbox/window";
import type { Shop } from "../settings/registry.server";
import type { NewAttempt, RollupChange, Settlement, StoredEvent } from "../store/rows";
import { type Claim, LeaseLost, type Store } from "../store/store.server";
import type { Departure } from "./outgoing.server";

/** A claimed row with what it becomes. */
export interface Decided {
  row: StoredEvent;
  next: Next;
  /** JSON of the consent decision; null keeps what the row has. */
  consent: string | null;
  /** What left; null: nothing did. */
  departure: Departure | null;
  /** Index into the attempts settled with it; null: Meta was not asked. */
  attempt: number | null;
}

export interface SettlingDeps {
  store: Store;
  log: Log;
  now: () => number;
}

/** Writes endings, attempts and counts in one transaction. Rows whose lease ran out belong to whoever claimed them since. */
export async function settle(
  decided: Decided[],
  attempts: NewAttempt[],
  claim: Claim,
  shop: Shop,
  { store, log, now }: SettlingDeps,
): Promise<void> {
  if (decided.length === 0) return;
  const at = now();
  try {
    await store.settle({
      shopId: shop.id,
      datasetId: claim.datasetId,
      lease: claim.lease,
      now: at,
      attempts,
      settlements: decided.map((one) => settlementOf(one, shop, at)),
      rollups: summed(decided.flatMap((one) => changesOf(one, at))),
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    log.warn({ shop: shop.domain, lease: claim.lease, detail: error.message }, "outbox.lease_lost");
  }
}

function changesOf({ row, next }: Decided, at: number): RollupChange[] {
  return next.outcome === "waiting" ? [] : rollupChanges(row, worthOf(row), next.outcome, at);
}

function settlementOf({ row, next, consent, departure, attempt }: Decided, shop: Shop, at: number): Settlement {
  const waiting = next.outcome === "waiting";
  const kept = keptUntil(row, next);
  const left = departure !== null && !waiting;
  return {
    id: row.id,
    outcome: next.outcome,
    reason: next.reason,
    runAt: waiting ? next.runAt : kept !== null && kept > at ? kept : null,
    attempt,
    consent,
    bytes: left ? shop.seal("Event.bytes", departure.json) : null,
    bytesHash: left ? departure.hash : null,
    forget: !waiting && (kept === null || kept <= at),
    sum: waiting ? null : row.countedAs === next.outcome ? row.countedSum : worthOf(row),
  };
}

/**
 * Until when an ended row keeps its keys: what may still be sent (after a later consent, by a person's replay) as long as
 * Meta would take it, everything else not at all. Epoch milliseconds.
 */
function keptUntil(row: StoredEvent, { outcome, reason }: Next): number | null {
  const mayStillLeave = outcome === "rejected" || outcome === "dead" || reason === "no_consent_signal";
  return mayStillLeave ? row.eventTime + windowOf(row.actionSource) : null;
}

/** In the shop's currency; nothing where the body did not parse, or where what was stored cannot be read. */
function worthOf({ facts }: StoredEvent): number {
  if (facts === null) return 0;
  try {
    const { shop }: Facts = JSON.parse(facts);
    return Number(shop?.total ?? 0);
  } catch {
    return 0;
  }
}
