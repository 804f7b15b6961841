import type { Facts } from "../events/event";
import type { Log } from "../log.server";
import type { Next } from "../outbox/ending";
import { rollupChanges, summed } from "../outbox/rollup";
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
      settlements: decided.map((one) => settlementOf(one, shop)),
      rollups: summed(decided.flatMap((one) => changesOf(one, at))),
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    log.warn({ shop: shop.domain, lease: claim.lease, detail: error.message }, "outbox.lease_lost");
  }
}

function changesOf({ row, next }: Decided, at: number): RollupChange[] {
  return next.outcome === "waiting" ? [] : rollupChanges(row, factsOf(row), next.outcome, at);
}

/** What may still be sent (a later consent, a person's replay) keeps its keys; everything else forgets them at once. */
function settlementOf({ row, next, consent, departure, attempt }: Decided, shop: Shop): Settlement {
  const mayStillLeave = ["waiting", "rejected", "dead"].includes(next.outcome) || next.reason === "no_consent_signal";
  const left = departure !== null && next.outcome !== "waiting";
  return {
    id: row.id,
    outcome: next.outcome,
    reason: next.reason,
    runAt: next.outcome === "waiting" ? next.runAt : null,
    attempt,
    consent,
    bytes: left ? shop.seal("Event.bytes", departure.json) : null,
    bytesHash: left ? departure.hash : null,
    forget: !mayStillLeave,
  };
}

/** Null where a body did not parse, and where what was stored cannot be read: the ending counts without a value then. */
function factsOf({ facts }: StoredEvent): Facts | null {
  if (facts === null) return null;
  try {
    return JSON.parse(facts);
  } catch {
    return null;
  }
}
