import { setTimeout as sleep } from "node:timers/promises";
import { metaWindow } from "../events/meta-window";
import type { Log } from "../log.server";
import { type Covered, coveredEvent, dayOf } from "../outbox/coverage";
import { type Next, triesOf } from "../outbox/ending";
import { dailyChanges, rollupChanges } from "../outbox/rollup";
import type { Shop } from "../settings/registry.server";
import { isOn } from "../settings/settings";
import type { MemoryWrite, NewAttempt, Settlement, StoredEvent } from "../store/rows";
import { type Claim, type Store, StoreBusy } from "../store/store.server";
import type { Departure } from "./outgoing.server";
import { storedFacts } from "./stored-facts";

/** A claimed row with what it becomes. */
export interface Decided {
  row: StoredEvent;
  next: Next;
  /** JSON of the consent decision; null keeps what the row has. */
  consent: string | null;
  /** What left; null: nothing did. */
  departure: Departure | null;
  /** What is remembered of the customer, once Meta has taken it. */
  memory: MemoryWrite[];
  /** Which match keys left with it, and what else it is counted by; null: nothing left. */
  covered: Covered | null;
  /** Index into the attempts settled with it; null: Meta was not asked. */
  attempt: number | null;
}

export interface SettlingDeps {
  store: Store;
  log: Log;
  now: () => number;
  /** What time it is by the clock that leases are counted in; see app/outbox/lease-clock.ts. */
  leaseNow: () => number;
  /** How long an event that ended, and may still be sent, keeps its match keys and its browser at the most. */
  keptContextMs: number;
}

/**
 * Writes endings, attempts and counts in one transaction. Where the store cannot take it (another process holds it, the disk
 * is full) it tries on until the lease is nearly out: Meta has answered, and an answer that is not written down is asked for
 * again.
 */
export async function settle(
  decided: Decided[],
  attempts: NewAttempt[],
  claim: Claim,
  shop: Shop,
  { store, log, now, leaseNow, keptContextMs }: SettlingDeps,
): Promise<void> {
  if (decided.length === 0) return;
  const at = now();
  const settling = {
    shopId: shop.id,
    datasetId: claim.datasetId,
    lease: claim.lease,
    now: at,
    attempts,
    settlements: decided.map((one) => settlementOf(one, shop, { at, keptContextMs })),
    contexts: decided.flatMap(({ next, memory }) => (next.outcome === "accepted" ? memory : [])),
  };
  for (let tries = 0; ; tries += 1) {
    try {
      const { lost } = await store.settle(settling);
      if (lost.length > 0) log.warn({ shop: shop.domain, lease: claim.lease, rows: lost.length }, "outbox.lease_lost");
      return;
    } catch (error) {
      if (tries >= MOST_TRIES || leaseNow() > claim.leaseUntil - LAST_TRY_MS) throw error;
      if (tries === 0) log.error({ err: error, shop: shop.domain, lease: claim.lease }, "outbox.not_settled");
      // A store that is busy has kept us waiting itself.
      if (!(error instanceof StoreBusy)) await sleep(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
    }
  }
}

/** One more try takes as long as the store's patience. */
const LAST_TRY_MS = 6_000;
/** Together some half a minute: less than a lease. */
const MOST_TRIES = 14;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

function settlementOf(
  { row, next, consent, departure, attempt, covered }: Decided,
  shop: Shop,
  { at, keptContextMs }: { at: number; keptContextMs: number },
): Settlement {
  const waiting = next.outcome === "waiting";
  const kept = keptUntil(row, next, shop, (row.settledAt ?? at) + keptContextMs);
  const left = departure !== null && !waiting;
  const worth = waiting ? null : worthOf(row);
  const day = dayOf(row.eventTime, shop.timezone);
  return {
    id: row.id,
    outcome: next.outcome,
    reason: next.reason,
    runAt: waiting ? next.runAt : kept !== null && kept > at ? kept : null,
    tries: triesOf(row, next.reason),
    attempt,
    attemptBefore: row.attemptId,
    consent,
    bytes: left ? shop.seal("Event.bytes", departure.json) : null,
    bytesHash: left ? departure.hash : null,
    keyAccount: left ? (covered?.keyAccount ?? null) : null,
    covered: next.outcome === "accepted" && covered !== null ? coveredEvent(row, covered, day) : null,
    forget: !waiting && (kept === null || kept <= at),
    sum: !waiting && row.countedAs === next.outcome ? row.countedSum : worth,
    changes: waiting
      ? []
      : [...rollupChanges(row, worth, next.outcome, at), ...dailyChanges(row, next, { attempt, day, at })],
  };
}

/**
 * Until when an ended row keeps its keys: what may still be sent (after a later consent, by a person's replay) as long as
 * Meta would take it, but no longer than `most`, a Purchase as long as refunds of it may be told, everything else not at all.
 * Epoch milliseconds.
 */
function keptUntil(row: StoredEvent, { outcome, reason }: Next, shop: Shop, most: number): number | null {
  if (outcome === "accepted" && row.name === "Purchase" && tellsRefunds(row, shop)) {
    return row.eventTime + REFUNDS_TOLD_MS;
  }
  const mayStillLeave = outcome === "rejected" || outcome === "dead" || reason === "no_consent_signal";
  return mayStillLeave ? Math.min(row.eventTime + metaWindow(row.actionSource), most) : null;
}

/** As long as Shopify shows us orders. */
const REFUNDS_TOLD_MS = 60 * 24 * 3_600_000;

function tellsRefunds({ datasetId }: StoredEvent, { datasets, settings }: Shop): boolean {
  const number = datasets.find(({ id }) => id === datasetId)?.dataset ?? null;
  return isOn(settings, "Refund", "server", number);
}

const MILLIONTHS = 1_000_000;

/**
 * In millionths of the shop's currency; null for what has no value, or where what was stored cannot be read. A sum that a
 * number does not hold exactly (some nine thousand million) is no order's: it would not fit into the counts, and what is not
 * counted must not keep what Meta has taken from being written down.
 */
function worthOf(row: StoredEvent): number | null {
  try {
    const shop = storedFacts(row)?.shop;
    const worth = shop ? Math.round(Number(shop.total) * MILLIONTHS) : null;
    return Number.isSafeInteger(worth) ? worth : null;
  } catch {
    return null;
  }
}
