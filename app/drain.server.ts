import { createHash } from "node:crypto";
import { intoBatches } from "./delivery/batch";
import { deliverWithBisection } from "./delivery/bisect";
import { type Fetch, postEvents, requestBody } from "./delivery/graph.server";
import { type Answer, type Judgement, judge } from "./delivery/verdicts";
import { type ActionSource, type BrowserContext, type Facts, unknownBrowser } from "./events/event";
import { type Ending, endingFor } from "./events/outcome";
import { checkoutKey, clientKey, openBrowser } from "./incoming.server";
import type { Log } from "./log.server";
import { joinBrowser } from "./match-keys/join-browser";
import { type MatchKeys, merge } from "./match-keys/user-data";
import { type Next, nextFor } from "./outbox/ending";
import { rollupChanges, summed } from "./outbox/rollup";
import { isPastWindow } from "./outbox/window";
import { type Departure, prepare } from "./outgoing.server";
import type { Dataset, Shop } from "./settings/registry.server";
import type { NewAttempt, Settlement, StoredEvent } from "./store/rows";
import { type Claim, LeaseLost, type Store, type StoredContext } from "./store/store.server";

/**
 * drain(dataset) = claim → consent → payload → deliver → settle. Safe to run twice at once (claims are leases), safe to
 * kill at any line (a lease runs out and the row falls due again).
 */

export interface DrainDeps {
  store: Store;
  log: Log;
  graph: { url: string; version: string; fetch: Fetch };
  now: () => number;
  random: () => number;
  /** True once the process is told to end: no new claim, no new request. */
  stopping: () => boolean;
  /** Told of every request, for the metrics. */
  onAttempt?: (attempt: NewAttempt) => void;
}

const CLAIM_ROWS = 1_000;
/** How long a claim is ours; a killed process's events fall due again after this. */
const LEASE_MS = 45_000;
/** Requests in flight per dataset and process. */
const LANES = 4;

/** Sends what is due for one dataset, and counts what ended on arrival. */
export async function drain(shop: Shop, dataset: Dataset, deps: DrainDeps): Promise<void> {
  await countArrivals(shop, dataset, deps);
  if (dataset.disconnected) return endAll(shop, dataset, endingFor("disconnected"), deps.store.claimDue, deps);
  if (!shop.installed) return endAll(shop, dataset, endingFor("uninstalled"), deps.store.claimDue, deps);
  if (dataset.heldReason !== null) {
    return endAll(shop, dataset, endingFor("dataset_held"), deps.store.claimTooOld, deps);
  }
  await runLanes(shop, dataset, deps);
}

/** One claim, one request in flight; another lane opens while claims come back full. */
async function runLanes(shop: Shop, dataset: Dataset, deps: DrainDeps): Promise<void> {
  const lanes = new Set<Promise<void>>();
  let blocked = false;
  let failure: unknown;
  function open(): void {
    const lane = run().catch((error) => {
      failure ??= error;
    });
    lanes.add(lane);
    void lane.then(() => lanes.delete(lane));
  }
  async function run(): Promise<void> {
    while (!blocked && failure === undefined && !deps.stopping()) {
      if (dataset.pausedUntil !== null && dataset.pausedUntil > deps.now()) return;
      const claim = newClaim(dataset.id, deps.now());
      const rows = await deps.store.claimDue(claim);
      if (rows.length === 0) return;
      if (rows.length === CLAIM_ROWS && lanes.size < LANES) open();
      blocked = (await deliverClaim(rows, claim, shop, dataset, deps)) === "blocked" || blocked;
    }
  }
  open();
  while (lanes.size > 0) await Promise.all(lanes);
  if (failure !== undefined) throw failure;
}

let claims = 0;

function newClaim(datasetId: number, now: number): Claim {
  claims += 1;
  const lease = `${process.pid}.${now.toString(36)}.${claims}`;
  return { datasetId, now, limit: CLAIM_ROWS, lease, leaseUntil: now + LEASE_MS };
}

/** A row with what it becomes; `departure` when it left, `attempt` when Meta was asked. */
interface Decided {
  row: StoredEvent;
  next: Next;
  consent: string | null;
  departure: Departure | null;
  attempt: number | null;
}

/** A row that is ready to leave. */
interface Ready {
  row: StoredEvent;
  departure: Departure;
  json: string;
}

/** Delivers one claim; `blocked` when Meta will take no more of this dataset for now. */
async function deliverClaim(
  rows: StoredEvent[],
  claim: Claim,
  shop: Shop,
  dataset: Dataset,
  deps: DrainDeps,
): Promise<"open" | "blocked"> {
  const contexts = contextsFor(rows, shop, deps.store);
  const ended: Decided[] = [];
  const ready: Ready[] = [];
  for (const row of rows) {
    const prepared = prepareRow(row, contexts, shop, deps.now());
    if (prepared.ready) ready.push(prepared.event);
    else ended.push(prepared.event);
  }
  if (ended.length > 0) await settleAll(ended, [], claim, shop, deps);

  const batches = intoBatches(ready);
  for (const [index, batch] of batches.entries()) {
    const judgement = await deliverBatch(batch, claim, shop, dataset, deps);
    if (judgement === null) continue;
    const unsent = batches.slice(index + 1).flat();
    await settleAll(unsent.map(putBack(judgement, deps)), [], claim, shop, deps);
    if (judgement.verdict === "hold") await hold(dataset, judgement, deps);
    if (judgement.pause !== null) await pause(dataset, judgement.pause, deps);
    return "blocked";
  }
  return "open";
}

/** Sends one batch and settles it; answers the judgement that stops the dataset, or null. */
async function deliverBatch(
  batch: Ready[],
  claim: Claim,
  shop: Shop,
  dataset: Dataset,
  deps: DrainDeps,
): Promise<Judgement | null> {
  const attempts: NewAttempt[] = [];
  const judged = await deliverWithBisection(batch, async (items) => {
    if (deps.stopping() && attempts.length > 0) return { judgement: STOPPING, request: -1 };
    await keepLease(batch, claim, deps);
    const { attempt, judgement } = await ask(items, shop, dataset, deps);
    attempts.push(attempt);
    return { judgement, request: attempts.length - 1 };
  });
  // From here the events may already be at Meta. Nothing may come between this line and the commit of settle().
  const decided = judged.flatMap(({ items, judgement, request }) =>
    items.map(
      ({ row, departure }): Decided => ({
        row,
        departure,
        consent: JSON.stringify(departure.consent),
        next: nextFor(judgement, row.attempts, deps.now(), deps.random),
        attempt: request < 0 ? null : request,
      }),
    ),
  );
  await settleAll(decided, attempts, claim, shop, deps);
  return (
    judged.find(({ judgement }) => judgement.verdict === "hold" || judgement.verdict === "retry")?.judgement ?? null
  );
}

const STOPPING: Judgement = { verdict: "retry", reason: "stopping", says: "", tries: null, pause: null };

async function ask(
  items: Ready[],
  shop: Shop,
  dataset: Dataset,
  deps: DrainDeps,
): Promise<{ attempt: NewAttempt; judgement: Judgement }> {
  const { url, version, fetch } = deps.graph;
  const body = requestBody(
    items.map(({ json }) => json),
    dataset.testCode,
  );
  const at = deps.now();
  const started = performance.now();
  const answer = await postEvents(
    { graphUrl: url, version, dataset: dataset.dataset, token: dataset.token },
    body,
    fetch,
  );
  const judgement = judge(answer);
  const attempt = attemptOf(items, body, answer, judgement, at, Math.round(performance.now() - started));
  deps.log.info(
    {
      shop: shop.domain,
      dataset: dataset.dataset,
      events: attempt.events,
      first: items[0]?.row.eventId,
      verdict: attempt.verdict,
      reason: judgement.reason,
      status: attempt.status,
      code: attempt.code,
      subcode: attempt.subcode,
      fbtraceId: attempt.fbtraceId,
      bytes: body.length,
      ms: attempt.ms,
    },
    "delivery.attempted",
  );
  deps.onAttempt?.(attempt);
  return { attempt, judgement };
}

function attemptOf(
  items: Ready[],
  body: string,
  answer: Answer,
  judgement: Judgement,
  at: number,
  ms: number,
): NewAttempt {
  const coded = answer.kind === "error" ? answer : { code: null, subcode: null };
  return {
    at,
    ms,
    events: items.length,
    status: answer.kind === "silence" ? null : answer.status,
    verdict: judgement.verdict,
    code: coded.code,
    subcode: coded.subcode,
    fbtraceId: answer.kind === "accepted" || answer.kind === "error" ? answer.fbtraceId : null,
    answer: answer.text,
    bytesHash: createHash("sha256").update(body).digest("hex"),
    eventRowIds: items.map(({ row }) => row.id),
  };
}

/** A long bisection must not outlive its lease: another claim would send the events a second time. */
async function keepLease(batch: Ready[], claim: Claim, deps: DrainDeps): Promise<void> {
  if (deps.now() < claim.leaseUntil - LEASE_MS / 2) return;
  claim.leaseUntil = deps.now() + LEASE_MS;
  const ids = batch.map(({ row }) => row.id);
  const ours = await deps.store.renewLease(claim.lease, ids, claim.leaseUntil);
  if (ours !== ids.length) throw new LeaseLost(`${ids.length - ours} of ${ids.length} rows were not ours`);
}

async function hold(dataset: Dataset, { reason, says }: Judgement, deps: DrainDeps): Promise<void> {
  dataset.heldReason = reason;
  await deps.store.holdDataset(dataset.id, reason ?? "hold", deps.now());
  deps.log.warn({ dataset: dataset.dataset, reason, says }, "dataset.held");
}

async function pause(dataset: Dataset, ms: number, deps: DrainDeps): Promise<void> {
  dataset.pausedUntil = deps.now() + ms;
  await deps.store.pauseDataset(dataset.id, dataset.pausedUntil);
}

/** What was claimed with events that Meta did not take waits as they do. */
function putBack(judgement: Judgement, deps: DrainDeps): (ready: Ready) => Decided {
  return ({ row }) => ({
    row,
    next: nextFor(
      { ...judgement, verdict: judgement.verdict === "hold" ? "hold" : "retry", tries: null },
      row.attempts,
      deps.now(),
      deps.random,
    ),
    consent: null,
    departure: null,
    attempt: null,
  });
}

/** Everything known by now of the browsers behind some rows, by key. */
function contextsFor(rows: StoredEvent[], shop: Shop, store: Store): Map<string, KnownBrowser> {
  const tokens = rows.flatMap(({ checkoutToken }) => (checkoutToken === null ? [] : [checkoutKey(checkoutToken)]));
  const byCheckout = openContexts(store.contextsOf(shop.id, [...new Set(tokens)]), shop);
  const visitors = [...byCheckout.values()].flatMap(({ browser }) =>
    browser.clientId === null ? [] : [clientKey(browser.clientId)],
  );
  const byVisitor = openContexts(store.contextsOf(shop.id, [...new Set(visitors)]), shop);
  return new Map([...byCheckout, ...byVisitor]);
}

interface KnownBrowser {
  browser: BrowserContext;
  keys: MatchKeys;
  beacon: boolean;
}

function openContexts(stored: StoredContext[], shop: Shop): Map<string, KnownBrowser> {
  return new Map(
    stored.map(({ key, browser, matchKeys, beacon }) => [
      key,
      {
        browser: openBrowser(shop, "BrowserContext.browser", browser),
        keys: matchKeys === null ? {} : JSON.parse(matchKeys),
        beacon,
      },
    ]),
  );
}

type PreparedRow = { ready: true; event: Ready } | { ready: false; event: Decided };

function prepareRow(row: StoredEvent, contexts: Map<string, KnownBrowser>, shop: Shop, now: number): PreparedRow {
  if (isPastWindow(row, now)) {
    return { ready: false, event: endedRow(row, endingFor(row.attempts > 1 ? "meta_unreachable" : "too_late")) };
  }
  const facts = factsOf(row);
  if (facts === null) throw new Error(`event ${row.id} waits without facts`);
  const byCheckout = row.checkoutToken === null ? undefined : contexts.get(checkoutKey(row.checkoutToken));
  if (row.topic.startsWith("checkouts/") && byCheckout?.beacon) {
    return { ready: false, event: endedRow(row, endingFor("enriches_only")) };
  }
  const visitor = byCheckout?.browser.clientId ?? null;
  const byVisitor = visitor === null ? undefined : contexts.get(clientKey(visitor));
  const told = [byCheckout, byVisitor].filter((known) => known !== undefined);
  const own = row.browser === null ? unknownBrowser() : openBrowser(shop, "Event.browser", row.browser);
  const ownKeys: MatchKeys = row.matchKeys === null ? {} : JSON.parse(row.matchKeys);
  const prepared = prepare(
    {
      name: row.name,
      eventId: row.eventId,
      time: row.eventTime,
      actionSource: row.actionSource as ActionSource,
      facts,
      keys: told.reduce((keys, known) => merge(keys, known.keys), ownKeys),
      browser: joinBrowser(
        own,
        told.map(({ browser }) => browser),
      ),
      beacon: row.topic === "beacon",
    },
    shop,
  );
  if (prepared.ok) {
    return { ready: true, event: { row, departure: prepared.departure, json: prepared.departure.json } };
  }
  return { ready: false, event: { ...endedRow(row, prepared.ending), consent: JSON.stringify(prepared.consent) } };
}

function endedRow(row: StoredEvent, ending: Ending): Decided {
  return { row, next: ending, consent: null, departure: null, attempt: null };
}

function factsOf(row: StoredEvent): Facts | null {
  return row.facts === null ? null : JSON.parse(row.facts);
}

async function countArrivals(shop: Shop, dataset: Dataset, deps: DrainDeps): Promise<void> {
  for (;;) {
    const claim = newClaim(dataset.id, deps.now());
    const rows = await deps.store.claimUncounted(claim);
    if (rows.length === 0) return;
    const counted = rows.map(
      (row): Decided => endedRow(row, { outcome: row.outcome as Ending["outcome"], reason: row.reason }),
    );
    await settleAll(counted, [], claim, shop, deps);
  }
}

async function endAll(
  shop: Shop,
  dataset: Dataset,
  ending: Ending,
  claimRows: (claim: Claim) => Promise<StoredEvent[]>,
  deps: DrainDeps,
): Promise<void> {
  for (;;) {
    const claim = newClaim(dataset.id, deps.now());
    const rows = await claimRows(claim);
    if (rows.length === 0) return;
    await settleAll(
      rows.map((row) => endedRow(row, ending)),
      [],
      claim,
      shop,
      deps,
    );
  }
}

async function settleAll(
  decided: Decided[],
  attempts: NewAttempt[],
  claim: Claim,
  shop: Shop,
  deps: DrainDeps,
): Promise<void> {
  if (decided.length === 0) return;
  const now = deps.now();
  try {
    await deps.store.settle({
      shopId: shop.id,
      datasetId: claim.datasetId,
      lease: claim.lease,
      now,
      attempts,
      settlements: decided.map((one) => settlementOf(one, shop)),
      rollups: summed(
        decided.flatMap(({ row, next }) =>
          next.outcome === "waiting" ? [] : rollupChanges(row, factsOf(row), next.outcome, now),
        ),
      ),
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    deps.log.warn({ shop: shop.domain, lease: claim.lease, detail: error.message }, "outbox.lease_lost");
  }
}

/** What may still be sent (a later consent, a person's replay) keeps its keys; everything else forgets them at once. */
function settlementOf({ row, next, consent, departure, attempt }: Decided, shop: Shop): Settlement {
  const mayComeBack = ["waiting", "rejected", "dead"].includes(next.outcome) || next.reason === "no_consent_signal";
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
    forget: !mayComeBack,
  };
}
