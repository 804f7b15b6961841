import { deliverWithBisection } from "../delivery/bisect";
import type { Judgement } from "../delivery/verdicts";
import type { Ending } from "../events/outcome";
import { nextFor } from "../outbox/ending";
import type { Dataset, Shop } from "../settings/registry.server";
import type { NewAttempt, StoredEvent } from "../store/rows";
import { type Claim, LeaseLost } from "../store/store.server";
import { type AttemptDeps, attempt } from "./attempt.server";
import type { EndedRow, Ready } from "./claimed.server";
import { type Decided, type SettlingDeps, settle } from "./settling.server";

export interface DrainDeps extends AttemptDeps, SettlingDeps {
  random: () => number;
  /** True once the process is told to end: no new claim, no new request. */
  stopping: () => boolean;
}

export const CLAIM_ROWS = 1_000;
/** How long a claim is ours; a killed process's events fall due again after this. */
const LEASE_MS = 45_000;

/** Claims until there is nothing left and ends every row without asking Meta. */
export async function endEach(
  shop: Shop,
  dataset: Dataset,
  claimRows: (claim: Claim) => Promise<StoredEvent[]>,
  endingOf: (row: StoredEvent) => Ending,
  deps: DrainDeps,
): Promise<void> {
  for (;;) {
    const claim = newClaim(dataset.id, deps.now());
    const rows = await claimRows(claim);
    if (rows.length === 0) return;
    const ended = rows.map((row) => decidedEnd({ row, ending: endingOf(row), consent: null }));
    await settle(ended, [], claim, shop, deps);
  }
}

/** Sends one batch and settles it; answers what keeps the dataset from going on, or null. */
export async function deliverBatch(
  batch: Ready[],
  claim: Claim,
  shop: Shop,
  dataset: Dataset,
  deps: DrainDeps,
): Promise<Judgement | null> {
  const attempts: NewAttempt[] = [];
  const judged = await deliverWithBisection(batch, async (events) => {
    if (deps.stopping() && attempts.length > 0) return { judgement: STOPPING, request: null };
    await keepLease(batch, claim, deps);
    const made = await attempt(events, shop, dataset, deps);
    attempts.push(made.attempt);
    return { judgement: made.judgement, request: attempts.length - 1 };
  });
  // From here the events may already be at Meta. Nothing may come between this line and the commit of settle().
  const decided = judged.flatMap(({ items, judgement, request }) =>
    items.map(
      ({ row, departure }): Decided => ({
        row,
        departure,
        consent: JSON.stringify(departure.consent),
        next: nextFor(judgement, row.attempts, deps.now(), deps.random),
        attempt: request,
      }),
    ),
  );
  await settle(decided, attempts, claim, shop, deps);
  const obstacle = judged.find(({ judgement }) => judgement.verdict === "hold" || judgement.verdict === "retry");
  return obstacle?.judgement ?? null;
}

/** In place of an answer, when a bisection is cut short because the process ends. */
const STOPPING: Judgement = { verdict: "retry", reason: "stopping", says: "", tries: null, pause: null };

/** A long bisection must not outlive its lease: another claim would send the events a second time. */
async function keepLease(batch: Ready[], claim: Claim, { store, now }: DrainDeps): Promise<void> {
  if (now() < claim.leaseUntil - LEASE_MS / 2) return;
  claim.leaseUntil = now() + LEASE_MS;
  const ids = batch.map(({ row }) => row.id);
  const ours = await store.renewLease(claim.lease, ids, claim.leaseUntil);
  if (ours !== ids.length) throw new LeaseLost(`${ids.length - ours} of ${ids.length} rows were not ours`);
}

/** Stops or slows the dataset as Meta's answer asks. */
export async function heed(
  { verdict, reason, says, pause }: Judgement,
  dataset: Dataset,
  deps: DrainDeps,
): Promise<void> {
  if (verdict === "hold") {
    dataset.heldReason = reason;
    await deps.store.holdDataset(dataset.id, reason ?? "hold", deps.now());
    deps.log.warn({ dataset: dataset.dataset, reason, says }, "dataset.held");
  }
  if (pause !== null) {
    dataset.pausedUntil = deps.now() + pause;
    await deps.store.pauseDataset(dataset.id, dataset.pausedUntil);
  }
}

/** What was claimed together with events that Meta did not take waits as they do; it has not been tried itself. */
export function waitingWith(obstacle: Judgement, { now, random }: DrainDeps): (ready: Ready) => Decided {
  return ({ row }) => ({
    row,
    next: nextFor({ ...obstacle, tries: null }, row.attempts, now(), random),
    consent: null,
    departure: null,
    attempt: null,
  });
}

export function decidedEnd({ row, ending, consent }: EndedRow): Decided {
  return { row, next: ending, consent, departure: null, attempt: null };
}

let claims = 0;

export function newClaim(datasetId: number, now: number): Claim {
  claims += 1;
  const lease = `${process.pid}.${now.toString(36)}.${claims}`;
  return { datasetId, now, limit: CLAIM_ROWS, lease, leaseUntil: now + LEASE_MS };
}
