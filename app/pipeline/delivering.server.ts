import { MOST_EVENTS } from "../delivery/batch";
import { deliverWithBisection, type Judged } from "../delivery/bisect";
import type { Pace } from "../delivery/pace";
import type { Judgement } from "../delivery/verdicts";
import { type Ending, endingFor, type Reason } from "../events/outcome";
import type { Lookups } from "../lookup/lookups";
import { type AnswerMeaning, nextFor } from "../outbox/ending";
import type { Dataset, Registry, Shop } from "../settings/registry.server";
import { isAsked } from "../sources/topics";
import type { NewAttempt, StoredEvent } from "../store/rows";
import type { Claim } from "../store/store.server";
import { type AttemptDeps, attempt, type Travelling } from "./attempt.server";
import type { EarlyRow, EndedRow, FaultyRow, Ready } from "./claimed.server";
import type { Departure } from "./outgoing.server";
import { type Decided, type SettlingDeps, settle } from "./settling.server";
import type { Slots } from "./slots";

/** Where something goes, as it is known at the moment. */
export interface Destined {
  shop: Shop;
  dataset: Dataset;
}

export interface DrainDeps extends AttemptDeps, SettlingDeps {
  registry: Registry;
  /** Asks Shopify what webhooks do not say. */
  lookups: Lookups;
  random: () => number;
  /** Requests in flight in this process. */
  slots: Slots;
  pace: Pace;
  /** So many events fill a request. */
  mostEvents: number;
  /** True once the process is told to end: no new claim, no new request. */
  stopping: () => boolean;
}

/** How long a claim is ours; a killed process's events fall due again after this. */
const LEASE_MS = 45_000;

/** Claims until there is nothing left and ends every row without asking Meta. */
export async function endEach(
  { shop, dataset }: Destined,
  claimRows: (claim: Claim) => Promise<StoredEvent[]>,
  endingOf: (row: StoredEvent) => Ending,
  deps: SettlingDeps & { stopping: () => boolean },
): Promise<void> {
  while (!deps.stopping()) {
    const claim = newClaim(dataset.id, MOST_EVENTS, deps);
    const rows = await claimRows(claim);
    if (rows.length === 0) return;
    const ended = rows.map((row) => decidedEnd({ row, ending: endingOf(row), consent: null }));
    await settle(ended, [], claim, shop, deps);
  }
}

/** Sends one batch and settles it; answers what keeps the dataset from going on, or null. `claimed`: all rows of the claim. */
export async function deliverBatch(
  batch: Ready[],
  claimed: StoredEvent[],
  claim: Claim,
  { shop, dataset }: Destined,
  deps: DrainDeps,
): Promise<Judgement | null> {
  const attempts: NewAttempt[] = [];
  // From the first request on, events may be at Meta. Nothing in here may throw, and nothing may come between the last
  // answer and the commit of settle().
  const judged = await deliverWithBisection(batch, async (events) => {
    const mayAsk = await stillOurs(events, claimed, claim, deps);
    if (!mayAsk || (deps.stopping() && attempts.length > 0)) return { judgement: CUT_SHORT, request: null };
    const made = await attempt(events.map(travelling), shop, dataset, { ...deps, request: attempts.length });
    attempts.push(made.attempt);
    return { judgement: made.judgement, request: attempts.length - 1 };
  });
  const decided = judged.flatMap(({ items, judgement, request }) =>
    items.map(
      ({ row, departure, memory, covered }): Decided => ({
        row,
        departure,
        memory,
        covered,
        consent: JSON.stringify(departure.consent),
        next: nextFor(meaningFor(judgement, row, departure), row, deps.now(), deps.random),
        attempt: request,
      }),
    ),
  );
  await settle(decided, attempts, claim, shop, deps);
  await rest(Math.max(0, ...judged.map(({ judgement }) => judgement.pause ?? 0)), dataset, deps);
  const obstacle = judged.find(({ judgement }) => judgement.verdict === "hold" || judgement.verdict === "retry");
  if (obstacle === undefined) deps.pace.answered(dataset.id);
  else if (mayHaveBeenTaken(obstacle, attempts)) deps.pace.unanswered(dataset.id, deps.now());
  return obstacle?.judgement ?? null;
}

/** Meta's answer; its yes is marked where Shopify had to be asked for the order and its browser is not known. */
function meaningFor(judgement: Judgement, { topic }: StoredEvent, { withoutBrowser }: Departure): AnswerMeaning {
  const degraded = judgement.verdict === "accepted" && withoutBrowser && isAsked(topic);
  return degraded ? { ...judgement, reason: "degraded" satisfies Reason } : judgement;
}

/** Neither a word of Meta's about the events or the token, nor its request to slow down, nor an end of our own making. */
function mayHaveBeenTaken({ judgement, request }: Judged<Ready>, attempts: readonly NewAttempt[]): boolean {
  const made = request === null ? undefined : attempts[request];
  if (judgement.verdict !== "retry" || made === undefined) return false;
  const { status, code } = made;
  const refused = status === 429 || (code !== null && status !== null && status < 500);
  return judgement.pause === null || !refused;
}

function travelling({ row, json }: Ready): Travelling {
  return { eventId: row.eventId, rowId: row.id, json, claims: row.attempts };
}

/** In place of an answer, when delivery ends early: the process stops, or the rows are not ours any more. */
export const CUT_SHORT: Judgement = { verdict: "retry", reason: "cut_short", says: "", tries: null, pause: null };

/**
 * Whether these events are still under our lease; renews it, for all of the claim, when half of it is over. A long bisection
 * must not outlive its lease: another claim would send the events a second time. Never throws.
 */
async function stillOurs(
  events: Ready[],
  claimed: StoredEvent[],
  claim: Claim,
  { store, leaseNow, log }: DrainDeps,
): Promise<boolean> {
  if (leaseNow() < claim.leaseUntil - LEASE_MS / 2) return true;
  const until = leaseNow() + LEASE_MS;
  const ids = claimed.map(({ id }) => id);
  try {
    const ours = new Set(await store.renewLease(claim.lease, ids, until));
    claim.leaseUntil = until;
    return events.every(({ row }) => ours.has(row.id));
  } catch (error) {
    log.warn({ err: error, lease: claim.lease }, "outbox.lease_not_renewed");
    return leaseNow() < claim.leaseUntil - LAST_REQUEST_MS;
  }
}

/** A request may take as long as Meta's timeout, and its answer has to be written down. */
const LAST_REQUEST_MS = 20_000;

/** Stops the dataset as Meta's answer asks. */
export async function heed(
  { verdict, reason, says }: Judgement,
  dataset: Dataset,
  { store, registry, log, now }: DrainDeps,
): Promise<void> {
  if (verdict === "hold") {
    await store.holdDataset(dataset, reason ?? "hold", now());
    log.warn({ dataset: dataset.dataset, reason, says }, "dataset.held");
  }
  await registry.refresh();
}

/** Meta counts requests by token: whatever else travels with this one waits as well. `ms`: for so long. */
async function rest(ms: number, { token }: Dataset, { store, registry, now }: DrainDeps): Promise<void> {
  if (ms === 0) return;
  for (const { datasets } of registry.all()) {
    for (const dataset of datasets.filter((one) => one.token === token)) await store.pauseDataset(dataset, now() + ms);
  }
  await registry.refresh();
}

/** What was claimed together with events that Meta did not take waits as they do; it has not been tried itself. */
export function waitingWith(obstacle: Judgement, { now, random }: DrainDeps): (ready: Pick<Ready, "row">) => Decided {
  return ({ row }) => ({
    row,
    next: nextFor({ ...obstacle, tries: null }, row, now(), random),
    consent: null,
    departure: null,
    memory: [],
    covered: null,
    attempt: null,
  });
}

/** A fault of ours may be mended by the next deployment: the row waits a few tries for it. */
export function waitingForMend({ log, now, random }: DrainDeps): (faulty: FaultyRow) => Decided {
  return ({ row, error }) => {
    log.error({ err: error, event: row.id, name: row.name }, "drain.not_prepared");
    const next = nextFor({ verdict: "retry", reason: "fault", tries: FAULT_TRIES, pause: null }, row, now(), random);
    return {
      row,
      next: next.outcome === "waiting" ? next : endingFor("damaged"),
      consent: null,
      departure: null,
      memory: [],
      covered: null,
      attempt: null,
    };
  };
}

const FAULT_TRIES = 6;

/** What something has to be known for first looks again later. */
export function waitingToKnow({ row, reason, runAt }: EarlyRow): Decided {
  const next = { outcome: "waiting", reason, runAt } as const;
  return { row, next, consent: null, departure: null, memory: [], covered: null, attempt: null };
}

export function decidedEnd({ row, ending, consent }: EndedRow): Decided {
  return { row, next: ending, consent, departure: null, memory: [], covered: null, attempt: null };
}

let claims = 0;

export function newClaim(
  datasetId: number,
  limit: number,
  { now, leaseNow }: Pick<SettlingDeps, "now" | "leaseNow">,
): Claim {
  claims += 1;
  const at = now();
  const lease = `${process.pid}.${at.toString(36)}.${claims}`;
  return { datasetId, now: at, limit, lease, leaseUntil: leaseNow() + LEASE_MS };
}
