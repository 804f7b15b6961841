import { isPostgres } from "../database-address";
import type { Outcome } from "../events/outcome";
import { openPool } from "./postgres/pool.server";
import { openPostgresWriter } from "./postgres/writer.server";
import type {
  IngestResult,
  IngestWrite,
  KnownOrder,
  KnownPurchase,
  LedgerHead,
  LedgerLine,
  Perishable,
  ProductWrite,
  RecordedTest,
  RegistrationNeighbours,
  ReplayCandidate,
  ReplayFilter,
  Settling,
  StoredEvent,
} from "./rows";
import { openConnection } from "./sqlite/connection.server";
import { openSqliteWriter } from "./sqlite/writer.server";
import {
  type AlertMessageEnd,
  type AlertMessageRow,
  type AlertRow,
  type AlertTurn,
  claimAlertMessages,
  type Fared,
  faredSince,
  type Stuck,
  settleAlertMessage,
  stuckOf,
  turnAlerts,
} from "./verbs/alerts";
import { browserCopiesOf, type CopyCounts, countBrowserCopies, type KnownCopy } from "./verbs/browser-copies";
import { canWrite } from "./verbs/check";
import { type Claim, claimDue, claimEnded, claimTooOld, claimWaiting, type DuePlace, renewLease } from "./verbs/claim";
import { databaseNow } from "./verbs/clock";
import { type CoverageDay, type CoverageGroup, coverageByDay, coverageByGroup } from "./verbs/coverage-reads";
import {
  qualityAskedAt,
  qualityRefused,
  qualityTold,
  type RefusedQuality,
  type ToldQuality,
} from "./verbs/dataset-quality";
import { type DueDataset, dueDatasets, type Freshness, uncountedDatasets } from "./verbs/due";
import { type RequestCount, requestsOf, type Waiting, waitingOf } from "./verbs/flow";
import { ingestGroup } from "./verbs/ingest";
import { contextsOf, purchasesOf, registrationCrowd, type StoredContext } from "./verbs/knowledge";
import { countReceivers, dropServerLease, serverAlive, takeServerLease } from "./verbs/lease";
import { eraseLedgerOrders, ledgerHead, ledgerLines, type Sealing, sealLedger, untoldShops } from "./verbs/ledger";
import {
  currentLines,
  eventCounts,
  type LineFilter,
  type LinePlace,
  linesOfRow,
  type OrderCounts,
  orderCounts,
  type PlacedLine,
  type Span,
  strayLine,
  wrongLastWord,
} from "./verbs/ledger-reads";
import {
  type Closing,
  closeNotice,
  emptyNotices,
  openNotices,
  type StoredNotice,
  swept,
  toSweep,
} from "./verbs/notices";
import {
  endOrderSweep,
  foundBySweep,
  holdOrderSweep,
  knownOrders,
  type SweepLease,
  type SweepRecord,
  unpaidOrders,
} from "./verbs/order-sweeps";
import { copiesOfRow, type LegCount, latestLegs, latestOrderCopies, type OrderCopies } from "./verbs/parity";
import {
  collectionsTold,
  forgetProducts,
  type ProductAnswer,
  productsOf,
  type StoredProduct,
  upsertProducts,
} from "./verbs/products";
import { reclaim } from "./verbs/reclaim";
import {
  type CopyName,
  dropShop,
  eraseOfShop,
  forgetBrowserCopies,
  forgetContexts,
  redactEvents,
} from "./verbs/redaction";
import {
  type Cause,
  causesOf,
  eventsOf,
  type ReplayPage,
  replay,
  replayCandidates,
  replayedUntil,
  replaysTooOld,
} from "./verbs/replay";
import { forget } from "./verbs/retention";
import { type SentBounds, type SentCopies, sentSince } from "./verbs/sent";
import { settle } from "./verbs/settle";
import {
  changeSettings,
  clearTestCodes,
  configureDataset,
  connectDataset,
  type DatasetConfiguration,
  describeShop,
  disconnectDatasets,
  ensureShop,
  holdDataset,
  type NewDataset,
  type NewShop,
  pauseDataset,
  type ResealedDataKey,
  replaceDataKeys,
  type ShopFacts,
  type ShopRow,
  settingsVersion,
  uninstallShop,
  updateSessionScope,
} from "./verbs/shops";
import { recordTest } from "./verbs/tests";
import { type AcceptedPixel, webPixelAccepted, webPixelFailed, webPixelLost } from "./verbs/web-pixel";
import type { Writer } from "./writer";

export type { AlertMessageRow, AlertRow, AlertTurn } from "./verbs/alerts";
export type { CopyCounts } from "./verbs/browser-copies";
export { type Claim, type DuePlace, FRONT } from "./verbs/claim";
export type { CoverageDay, CoverageGroup } from "./verbs/coverage-reads";
export type { DueDataset, Freshness } from "./verbs/due";
export type { RequestCount, Waiting, WaitsFor } from "./verbs/flow";
export type { StoredContext } from "./verbs/knowledge";
export { type Sealing, standsAgainst } from "./verbs/ledger";
export type { LineFilter, LinePlace, OrderCounts, PlacedLine, Span } from "./verbs/ledger-reads";
export type { Closing, StoredNotice } from "./verbs/notices";
export type { SweepRecord } from "./verbs/order-sweeps";
export type { LegCount, OrderCopies } from "./verbs/parity";
export type { ProductAnswer, StoredProduct } from "./verbs/products";
export type { CopyName } from "./verbs/redaction";
export type { Cause } from "./verbs/replay";
export type { SentBounds, SentCopies } from "./verbs/sent";
export type { DatasetConfiguration, NewDataset, NewShop, ShopFacts, ShopRow } from "./verbs/shops";
export type { AcceptedPixel } from "./verbs/web-pixel";
export { StoreBusy } from "./writer";

/** Everything the pipeline writes, one verb per operation. Each verb is one transaction; it has happened when it resolves. */
export interface Store {
  ingest(write: IngestWrite): Promise<IngestResult>;
  /** Datasets that something may leave for. */
  dueDatasets(now: number, leaseNow: number, freshness: Freshness): Promise<DueDataset[]>;
  /** Datasets of which something is still to be counted, or to be forgotten. */
  uncountedDatasets(now: number): Promise<number[]>;
  claimDue(claim: Claim): Promise<StoredEvent[]>;
  claimTooOld(claim: Claim, after: DuePlace): Promise<{ rows: StoredEvent[]; next: DuePlace | null }>;
  claimWaiting(claim: Claim): Promise<StoredEvent[]>;
  claimEnded(claim: Claim): Promise<StoredEvent[]>;
  /** Takes back what is under a lease that has run out; answers how many rows. */
  reclaim(datasetId: number, leaseNow: number, now: number): Promise<number>;
  /** Answers the rows that were still held under the lease. */
  renewLease(lease: string, ids: number[], until: number): Promise<number[]>;
  /** As far as they were heard of since `since`. */
  contextsOf(shopId: number, keys: string[], since: number): Promise<StoredContext[]>;
  /** The Purchases of some orders. */
  purchasesOf(datasetId: number, orderIds: string[]): Promise<KnownPurchase[]>;
  /** What happened around some registrations, by row id. */
  registrationCrowd(rows: readonly { id: number }[]): Promise<Map<number, RegistrationNeighbours>>;
  /** Answers the rows that were not ours any more. */
  settle(settling: Settling): Promise<{ lost: number[] }>;
  /** What of a shop ended so, or waits, and is meant, in the order of row ids. */
  replayCandidates(page: ReplayPage, filter: ReplayFilter): Promise<ReplayCandidate[]>;
  /** How much of what is meant is older at `now` than Meta takes. */
  replaysTooOld(shopId: number, outcome: Outcome, filter: Omit<ReplayFilter, "openAt">, now: number): Promise<number>;
  /** How many orders of a shop only the sweep told of since then. */
  foundBySweep(shopId: number, since: number): Promise<number>;
  /** The shops of which the ledger has something to tell. */
  untoldShops(): Promise<number[]>;
  /** Adds to a shop's chain, `limit` orders at the most; answers how many rows were told of. `sealing` must be quick. */
  sealLedger(shopId: number, limit: number, sealing: Sealing): Promise<number>;
  /** Where a shop's chain stands; null: it has none yet. */
  ledgerHead(shopId: number): Promise<LedgerHead | null>;
  /** Lines of a shop's chain in their order, from behind number `after`. */
  ledgerLines(shopId: number, after: number, limit: number): Promise<LedgerLine[]>;
  /** The number of the first line that lies outside of its chain. */
  strayLine(shopId: number): Promise<number | null>;
  /** The number of the first line of an order whose last word is missing, or is not the last. */
  wrongLastWord(shopId: number, checkpointN: number): Promise<number | null>;
  /** How many orders of each span stand how; `datasetId`: null, of all. */
  orderCounts(
    shopId: number,
    dimension: string,
    spans: readonly Span[],
    datasetId: number | null,
  ): Promise<OrderCounts[]>;
  /** The same of one event. */
  eventCounts(
    shopId: number,
    dimension: string,
    spans: readonly Span[],
    datasetId: number,
    event: string,
  ): Promise<OrderCounts[]>;
  /** The last words on orders, newest first, from behind `after`. */
  currentLines(shopId: number, filter: LineFilter, after: LinePlace | null, limit: number): Promise<PlacedLine[]>;
  /** All that the ledger ever said of a row of the outbox, oldest first. */
  linesOfRow(shopId: number, eventRowId: number): Promise<LedgerLine[]>;
  /** Brings rows back that were rejected or given up, and lets them be due at `runAt`; answers those that came. */
  replay(ids: readonly number[], now: number, runAt: number): Promise<number[]>;
  /** When the last is due of what a person brought back; null: nothing of it is still to have its turn. */
  replayedUntil(shopId: number, now: number): Promise<number | null>;
  /** Why a shop's events were rejected or given up. */
  causesOf(shopId: number, now: number): Promise<Cause[]>;
  /** Some events of a shop, whole. */
  eventsOf(shopId: number, ids: readonly number[]): Promise<StoredEvent[]>;
  /** Forgets what ended, was closed or was last heard of until then; answers how many rows, `limit` at the most. */
  forget(what: Perishable, until: number, limit: number): Promise<number>;
  /** What the pixel said of the browser's own copies of some events. */
  browserCopiesOf(datasetId: number, events: readonly { name: string; eventId: string }[]): Promise<KnownCopy[]>;
  /** Keeps what Meta said of a dataset's quality, and what has changed by it. */
  qualityTold(told: ToldQuality, now: number): Promise<void>;
  /** Keeps why Meta did not say, beside what it said before. */
  qualityRefused(datasetId: number, refused: RefusedQuality, now: number): Promise<void>;
  /** When Meta was last asked about the quality of each dataset. */
  qualityAskedAt(): Promise<Map<number, number>>;
  /** Which copies there are of a shop's latest events, `limit` at the most. */
  latestLegs(shopId: number, limit: number): Promise<LegCount[]>;
  /** Both copies of a shop's latest orders since then, newest first, `limit` at the most. */
  latestOrderCopies(shopId: number, since: number, limit: number): Promise<OrderCopies[]>;
  /** Both copies of one event; null: the shop has none of that number. */
  copiesOfRow(shopId: number, id: number): Promise<OrderCopies | null>;
  /** Counts what the pixel reported and nobody counted yet, of so many groups of beacons; answers how many copies it was. */
  countBrowserCopies(datasetId: number, groups: number, counts: CopyCounts): Promise<number>;
  /** What a dataset's events carried since an instant, day by day. */
  coverageByDay(shopId: number, datasetId: number, since: number): Promise<CoverageDay[]>;
  /** The same of one event as a whole, by source, device, country, and whether returning shoppers were recognised. */
  coverageByGroup(shopId: number, datasetId: number, event: string, since: number): Promise<CoverageGroup[]>;
  /** What webhooks tell of products; what arrives by one goes in with `ingest`. */
  upsertProducts(writes: readonly ProductWrite[]): Promise<void>;
  /** Those of the products that are known. */
  productsOf(shopId: number, ids: readonly string[]): Promise<StoredProduct[]>;
  /** What Shopify answered of products it was asked for at `now`. */
  collectionsTold(shopId: number, answers: readonly ProductAnswer[], now: number): Promise<void>;
  forgetProducts(shopId: number, ids: readonly string[]): Promise<void>;
  /** Those of the orders (digits) that a dataset of the shop knows, once for each such dataset. */
  knownOrders(shopId: number, orderIds: readonly string[]): Promise<KnownOrder[]>;
  /** Orders that wait for a dataset to be paid for and were placed before `before`, the newest first. */
  unpaidOrders(datasetId: number, before: number, now: number, limit: number): Promise<string[]>;
  /** Begins an order sweep, or goes on with one's own; false: somebody else is at it, or the app is not installed any more. */
  holdOrderSweep(hold: SweepLease): Promise<boolean>;
  endOrderSweep(shopId: number, lease: string, record: SweepRecord): Promise<void>;
  recordTest(test: RecordedTest): Promise<void>;
  settingsVersion(): Promise<number>;
  ensureShop(shop: NewShop): Promise<ShopRow>;
  connectDataset(dataset: NewDataset): Promise<void>;
  /** Answers how many datasets were disconnected. */
  disconnectDatasets(shopId: number, dataset: string | null, now: number): Promise<number>;
  describeShop(shopId: number, known: ShopFacts): Promise<void>;
  /** `change`: from the stored JSON of app/settings/settings.ts to the new; runs inside the transaction, so it must be quick. */
  changeSettings(shopId: number, change: (stored: string) => string): Promise<void>;
  configureDataset(id: number, configuration: DatasetConfiguration): Promise<void>;
  /** Takes test codes away that were set at `until` or before; answers how many. */
  clearTestCodes(until: number): Promise<number>;
  webPixelAccepted(shopId: number, pixel: AcceptedPixel): Promise<void>;
  webPixelLost(shopId: number): Promise<void>;
  webPixelFailed(shopId: number, fault: string): Promise<void>;
  holdDataset(dataset: { id: number; connection: number }, reason: string, now: number): Promise<void>;
  pauseDataset(dataset: { id: number; connection: number }, until: number): Promise<void>;
  /** Stores data keys that were sealed anew; answers how many. */
  replaceDataKeys(changes: readonly ResealedDataKey[]): Promise<number>;
  /** `triggeredAt`: when Shopify says it happened. */
  uninstallShop(shopId: number, domain: string, triggeredAt: number, now: number): Promise<void>;
  updateSessionScope(domain: string, scope: string): Promise<void>;
  openNotices(topics: readonly string[], limit: number): Promise<StoredNotice[]>;
  closeNotice(closing: Closing): Promise<void>;
  /** Forgets whom some notices were about. */
  emptyNotices(ids: readonly number[]): Promise<void>;
  /** Takes away all that tells whose these events were. False: one of them is at Meta now, and nothing was done. */
  redactEvents(ids: readonly number[], now: number): Promise<boolean>;
  /** Takes these orders out of the ledger's lines, which stay. Answers, as the next two do, how many rows it was. */
  eraseLedgerOrders(shopId: number, orders: readonly string[]): Promise<number>;
  forgetBrowserCopies(copies: readonly CopyName[]): Promise<number>;
  forgetContexts(shopId: number, keys: readonly string[]): Promise<number>;
  /** Deletes some of what a shop has; answers how many rows it was, 0 once it is bare. */
  eraseOfShop(shopId: number, limit: number): Promise<number>;
  /** Deletes a bare shop and its data key; of its notices this one stays. */
  dropShop(shopId: number, noticeId: number): Promise<void>;
  /** How many closed notices of these topics have traces of what they erased in the database's files. */
  toSweep(topics: readonly string[]): Promise<number>;
  /** Rids the files of what was erased until `now`. False: they are larger than `mostBytes`, and nothing was done. */
  sweep(topics: readonly string[], now: number, mostBytes: number): Promise<boolean>;
  /** Writes what `look` makes of a shop's alerts; runs inside the transaction, so it must be quick and must not throw. */
  turnAlerts(shopId: number, now: number, look: (stored: AlertRow[]) => AlertTurn): Promise<void>;
  /** Takes the messages with alerts that are due. */
  claimAlertMessages(now: number, until: number, limit: number): Promise<AlertMessageRow[]>;
  settleAlertMessage(end: AlertMessageEnd): Promise<void>;
  /** How a shop's events have fared since then. */
  faredSince(shopId: number, since: number): Promise<Fared>;
  /** What of a dataset waits for its turn and does not get it; looks at `limit` rows at the most. */
  stuckOf(datasetId: number, now: number, limit: number): Promise<Stuck>;
  /** What of a dataset waits, and for what; looks at `limit` events at the most. */
  waitingOf(datasetId: number, now: number, limit: number): Promise<Waiting[]>;
  /** What a dataset's latest requests to Meta came to; looks at `limit` of them at the most. */
  requestsOf(datasetId: number, since: number, limit: number): Promise<RequestCount[]>;
  /** What left for a dataset since then; an event of which both copies did comes twice. */
  sentSince(of: { shopId: number; datasetId: number; since: number }, bounds: SentBounds): Promise<SentCopies[]>;
  /** What time it is where the database is, epoch milliseconds. */
  databaseNow(): Promise<number>;
  takeServerLease(holder: string, leaseNow: number, until: number): Promise<boolean>;
  dropServerLease(holder: string): Promise<void>;
  /** Says that a process takes in what arrives, until then; answers how many do. */
  countReceivers(holder: string, leaseNow: number, until: number): Promise<number>;
  serverAlive(leaseNow: number): Promise<boolean>;
  /** Throws when the store cannot be read or written: what /readyz asks. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The store's verbs in one database. */
export function storeOn(writer: Writer): Store {
  const { transaction, read } = writer;
  return {
    ingest: writer.grouped(ingestGroup),
    dueDatasets: (now, leaseNow, freshness) => read(() => dueDatasets(now, leaseNow, freshness)),
    uncountedDatasets: (now) => read(() => uncountedDatasets(now)),
    claimDue: (claim) => transaction(() => claimDue(claim)),
    claimWaiting: (claim) => transaction(() => claimWaiting(claim)),
    claimTooOld: (claim, after) => transaction(() => claimTooOld(claim, after)),
    claimEnded: (claim) => transaction(() => claimEnded(claim)),
    reclaim: (datasetId, leaseNow, now) => transaction(() => reclaim(datasetId, leaseNow, now)),
    renewLease: (lease, ids, until) => transaction(() => renewLease(lease, ids, until)),
    contextsOf: (shopId, keys, since) => read(() => contextsOf(shopId, keys, since)),
    purchasesOf: (datasetId, orderIds) => read(() => purchasesOf(datasetId, orderIds)),
    registrationCrowd: (rows) => read(() => registrationCrowd(rows)),
    settle: (settling) => transaction(() => settle(settling)),
    replayCandidates: (page, filter) => read(() => replayCandidates(page, filter)),
    replaysTooOld: (shopId, outcome, filter, now) => read(() => replaysTooOld(shopId, outcome, filter, now)),
    foundBySweep: (shopId, since) => read(() => foundBySweep(shopId, since)),
    untoldShops: () => read(untoldShops),
    sealLedger: (shopId, limit, sealing) => transaction(() => sealLedger(shopId, limit, sealing)),
    ledgerHead: (shopId) => read(() => ledgerHead(shopId)),
    ledgerLines: (shopId, after, limit) => read(() => ledgerLines(shopId, after, limit)),
    strayLine: (shopId) => read(() => strayLine(shopId)),
    wrongLastWord: (shopId, checkpointN) => read(() => wrongLastWord(shopId, checkpointN)),
    orderCounts: (shopId, dimension, spans, datasetId) => read(() => orderCounts(shopId, dimension, spans, datasetId)),
    eventCounts: (shopId, dimension, spans, datasetId, event) =>
      read(() => eventCounts(shopId, dimension, spans, datasetId, event)),
    currentLines: (shopId, filter, after, limit) => read(() => currentLines(shopId, filter, after, limit)),
    linesOfRow: (shopId, eventRowId) => read(() => linesOfRow(shopId, eventRowId)),
    replay: (ids, now, runAt) => transaction(() => replay(ids, now, runAt)),
    replayedUntil: (shopId, now) => read(() => replayedUntil(shopId, now)),
    causesOf: (shopId, now) => read(() => causesOf(shopId, now)),
    eventsOf: (shopId, ids) => read(() => eventsOf(shopId, ids)),
    forget: (what, until, limit) => transaction(() => forget(what, until, limit)),
    browserCopiesOf: (datasetId, events) => read(() => browserCopiesOf(datasetId, events)),
    qualityTold: (told, now) => transaction(() => qualityTold(told, now)),
    qualityRefused: (datasetId, refused, now) => transaction(() => qualityRefused(datasetId, refused, now)),
    qualityAskedAt: () => read(qualityAskedAt),
    latestLegs: (shopId, limit) => read(() => latestLegs(shopId, limit)),
    latestOrderCopies: (shopId, since, limit) => read(() => latestOrderCopies(shopId, since, limit)),
    copiesOfRow: (shopId, id) => read(() => copiesOfRow(shopId, id)),
    countBrowserCopies: (datasetId, groups, counts) => transaction(() => countBrowserCopies(datasetId, groups, counts)),
    coverageByDay: (shopId, datasetId, since) => read(() => coverageByDay(shopId, datasetId, since)),
    coverageByGroup: (shopId, datasetId, event, since) => read(() => coverageByGroup(shopId, datasetId, event, since)),
    upsertProducts: (writes) => transaction(() => upsertProducts(writes)),
    productsOf: (shopId, ids) => read(() => productsOf(shopId, ids)),
    collectionsTold: (shopId, answers, now) => transaction(() => collectionsTold(shopId, answers, now)),
    forgetProducts: (shopId, ids) => transaction(() => forgetProducts(shopId, ids)),
    knownOrders: (shopId, orderIds) => read(() => knownOrders(shopId, orderIds)),
    unpaidOrders: (datasetId, before, now, limit) => read(() => unpaidOrders(datasetId, before, now, limit)),
    holdOrderSweep: (hold) => transaction(() => holdOrderSweep(hold)),
    endOrderSweep: (shopId, lease, record) => transaction(() => endOrderSweep(shopId, lease, record)),
    recordTest: (test) => transaction(() => recordTest(test)),
    settingsVersion: () => read(settingsVersion),
    ensureShop: (shop) => transaction(() => ensureShop(shop)),
    connectDataset: (dataset) => transaction(() => connectDataset(dataset)),
    disconnectDatasets: (shopId, dataset, now) => transaction(() => disconnectDatasets(shopId, dataset, now)),
    describeShop: (shopId, known) => transaction(() => describeShop(shopId, known)),
    changeSettings: (shopId, change) => transaction(() => changeSettings(shopId, change)),
    configureDataset: (id, configuration) => transaction(() => configureDataset(id, configuration)),
    clearTestCodes: (until) => transaction(() => clearTestCodes(until)),
    webPixelAccepted: (shopId, pixel) => transaction(() => webPixelAccepted(shopId, pixel)),
    webPixelLost: (shopId) => transaction(() => webPixelLost(shopId)),
    webPixelFailed: (shopId, fault) => transaction(() => webPixelFailed(shopId, fault)),
    holdDataset: (dataset, reason, now) => transaction(() => holdDataset(dataset, reason, now)),
    pauseDataset: (dataset, until) => transaction(() => pauseDataset(dataset, until)),
    replaceDataKeys: (changes) => transaction(() => replaceDataKeys(changes)),
    uninstallShop: (shopId, domain, triggeredAt, now) =>
      transaction(() => uninstallShop(shopId, domain, triggeredAt, now)),
    updateSessionScope: (domain, scope) => transaction(() => updateSessionScope(domain, scope)),
    openNotices: (topics, limit) => read(() => openNotices(topics, limit)),
    closeNotice: (closing) => transaction(() => closeNotice(closing)),
    emptyNotices: (ids) => transaction(() => emptyNotices(ids)),
    redactEvents: (ids, now) => transaction(() => redactEvents(ids, now)),
    eraseLedgerOrders: (shopId, orders) => transaction(() => eraseLedgerOrders(shopId, orders)),
    forgetBrowserCopies: (copies) => transaction(() => forgetBrowserCopies(copies)),
    forgetContexts: (shopId, keys) => transaction(() => forgetContexts(shopId, keys)),
    eraseOfShop: (shopId, limit) => transaction(() => eraseOfShop(shopId, limit)),
    dropShop: (shopId, noticeId) => transaction(() => dropShop(shopId, noticeId)),
    toSweep: (topics) => read(() => toSweep(topics)),
    sweep: async (topics, now, mostBytes) => {
      const done = await writer.sweep(mostBytes);
      if (done) await transaction(() => swept(topics, now));
      return done;
    },
    turnAlerts: (shopId, now, look) => transaction(() => turnAlerts(shopId, now, look)),
    claimAlertMessages: (now, until, limit) => transaction(() => claimAlertMessages(now, until, limit)),
    settleAlertMessage: (end) => transaction(() => settleAlertMessage(end)),
    faredSince: (shopId, since) => read(() => faredSince(shopId, since)),
    stuckOf: (datasetId, now, limit) => read(() => stuckOf(datasetId, now, limit)),
    waitingOf: (datasetId, now, limit) => read(() => waitingOf(datasetId, now, limit)),
    requestsOf: (datasetId, since, limit) => read(() => requestsOf(datasetId, since, limit)),
    sentSince: (of, bounds) => read(() => sentSince(of, bounds)),
    databaseNow: () => read(databaseNow),
    takeServerLease: (holder, leaseNow, until) => transaction(() => takeServerLease(holder, leaseNow, until)),
    dropServerLease: (holder) => transaction(() => dropServerLease(holder)),
    countReceivers: (holder, leaseNow, until) => transaction(() => countReceivers(holder, leaseNow, until)),
    serverAlive: (leaseNow) => read(() => serverAlive(leaseNow)),
    check: () => transaction(canWrite),
    close: () => writer.close(),
  };
}

/** Opens the store on a migrated database: a SQLite file's path, or a postgresql:// URL. */
export function openStore(place: string): Store {
  return storeOn(isPostgres(place) ? openPostgresWriter(openPool(place)) : openSqliteWriter(openConnection(place)));
}
