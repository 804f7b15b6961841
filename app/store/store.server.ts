import type {
  IngestResult,
  IngestWrite,
  KnownPurchase,
  ProductWrite,
  RecordedTest,
  RegistrationNeighbours,
  RollupChange,
  Settling,
  StoredEvent,
} from "./rows";
import { countBrowserCopies, type UncountedCopy } from "./sqlite/browser-copies.server";
import {
  type Claim,
  claimDue,
  claimEnded,
  claimTooOld,
  claimWaiting,
  contextsOf,
  dueDatasets,
  purchasesOf,
  registrationCrowd,
  renewLease,
  type StoredContext,
} from "./sqlite/claim.server";
import { openConnection } from "./sqlite/connection.server";
import { forgetContexts } from "./sqlite/contexts.server";
import { ingestGroup } from "./sqlite/ingest.server";
import { dropServerLease, serverAlive, takeServerLease } from "./sqlite/lease.server";
import { closeNotice, openNotices, type StoredNotice } from "./sqlite/notices.server";
import {
  collectionsTold,
  forgetProducts,
  type ProductAnswer,
  productsOf,
  type StoredProduct,
  upsertProducts,
} from "./sqlite/products.server";
import { settle } from "./sqlite/settle.server";
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
  type ShopFacts,
  type ShopRow,
  settingsVersion,
  uninstallShop,
  updateSessionScope,
} from "./sqlite/shops.server";
import { recordTest } from "./sqlite/tests.server";
import { type AcceptedPixel, webPixelAccepted, webPixelFailed, webPixelLost } from "./sqlite/web-pixel.server";
import { openWriter } from "./sqlite/writer.server";

export type { Claim, StoredContext } from "./sqlite/claim.server";
export type { StoredNotice } from "./sqlite/notices.server";
export type { ProductAnswer, StoredProduct } from "./sqlite/products.server";
export type { DatasetConfiguration, NewDataset, NewShop, ShopFacts, ShopRow } from "./sqlite/shops.server";
export type { AcceptedPixel } from "./sqlite/web-pixel.server";
export { StoreBusy } from "./sqlite/writer.server";

/** Everything the pipeline writes, one verb per operation. Each verb is one transaction; it has happened when it resolves. */
export interface Store {
  ingest(write: IngestWrite): Promise<IngestResult>;
  /** Datasets that have something for the drain. */
  dueDatasets(now: number): Promise<number[]>;
  claimDue(claim: Claim): Promise<StoredEvent[]>;
  claimTooOld(claim: Claim): Promise<StoredEvent[]>;
  claimWaiting(claim: Claim): Promise<StoredEvent[]>;
  claimEnded(claim: Claim): Promise<StoredEvent[]>;
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
  /** Counts what the pixel reported and nobody counted yet, `limit` copies at the most; answers how many it was. */
  countBrowserCopies(
    datasetId: number,
    limit: number,
    changesOf: (copy: UncountedCopy) => RollupChange[],
  ): Promise<number>;
  /** What webhooks tell of products; what arrives by one goes in with `ingest`. */
  upsertProducts(writes: readonly ProductWrite[]): Promise<void>;
  /** Those of the products that are known. */
  productsOf(shopId: number, ids: readonly string[]): Promise<StoredProduct[]>;
  /** What Shopify answered of products it was asked for at `now`. */
  collectionsTold(shopId: number, answers: readonly ProductAnswer[], now: number): Promise<void>;
  forgetProducts(shopId: number, ids: readonly string[]): Promise<void>;
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
  /** Forgets browsers that were last heard of before then. */
  forgetContexts(before: number): Promise<void>;
  /** Takes test codes away that were set at `until` or before; answers how many. */
  clearTestCodes(until: number): Promise<number>;
  webPixelAccepted(shopId: number, pixel: AcceptedPixel): Promise<void>;
  webPixelLost(shopId: number): Promise<void>;
  webPixelFailed(shopId: number, fault: string): Promise<void>;
  holdDataset(dataset: { id: number; connection: number }, reason: string, now: number): Promise<void>;
  pauseDataset(dataset: { id: number; connection: number }, until: number): Promise<void>;
  /** `triggeredAt`: when Shopify says it happened. */
  uninstallShop(shopId: number, domain: string, triggeredAt: number, now: number): Promise<void>;
  updateSessionScope(domain: string, scope: string): Promise<void>;
  openNotices(topics: readonly string[], limit: number): Promise<StoredNotice[]>;
  closeNotice(id: number, now: number): Promise<void>;
  takeServerLease(holder: string, now: number, until: number): Promise<boolean>;
  dropServerLease(holder: string): Promise<void>;
  serverAlive(now: number): Promise<boolean>;
  /** Throws when the store cannot be read or written: what /readyz asks. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the SQLite store on a migrated file. */
export function openStore(path: string): Store {
  const connection = openConnection(path);
  const writer = openWriter(connection);
  return {
    ingest: writer.grouped(ingestGroup),
    dueDatasets: async (now) => dueDatasets(connection, now),
    claimDue: (claim) => writer.transaction((c) => claimDue(c, claim)),
    claimWaiting: (claim) => writer.transaction((c) => claimWaiting(c, claim)),
    claimTooOld: (claim) => writer.transaction((c) => claimTooOld(c, claim)),
    claimEnded: (claim) => writer.transaction((c) => claimEnded(c, claim)),
    renewLease: (lease, ids, until) => writer.transaction((c) => renewLease(c, lease, ids, until)),
    contextsOf: async (shopId, keys, since) => contextsOf(connection, shopId, keys, since),
    purchasesOf: async (datasetId, orderIds) => purchasesOf(connection, datasetId, orderIds),
    registrationCrowd: async (rows) => registrationCrowd(connection, rows),
    settle: (settling) => writer.transaction((c) => settle(c, settling)),
    countBrowserCopies: (datasetId, limit, changesOf) =>
      writer.transaction((c) => countBrowserCopies(c, datasetId, limit, changesOf)),
    upsertProducts: (writes) => writer.transaction((c) => upsertProducts(c, writes)),
    productsOf: async (shopId, ids) => productsOf(connection, shopId, ids),
    collectionsTold: (shopId, answers, now) => writer.transaction((c) => collectionsTold(c, shopId, answers, now)),
    forgetProducts: (shopId, ids) => writer.transaction((c) => forgetProducts(c, shopId, ids)),
    recordTest: (test) => writer.transaction((c) => recordTest(c, test)),
    settingsVersion: async () => settingsVersion(connection),
    ensureShop: (shop) => writer.transaction((c) => ensureShop(c, shop)),
    connectDataset: (dataset) => writer.transaction((c) => connectDataset(c, dataset)),
    disconnectDatasets: (shopId, dataset, now) =>
      writer.transaction((c) => disconnectDatasets(c, shopId, dataset, now)),
    describeShop: (shopId, known) => writer.transaction((c) => describeShop(c, shopId, known)),
    changeSettings: (shopId, change) => writer.transaction((c) => changeSettings(c, shopId, change)),
    configureDataset: (id, configuration) => writer.transaction((c) => configureDataset(c, id, configuration)),
    forgetContexts: (before) => writer.transaction((c) => forgetContexts(c, before)),
    clearTestCodes: (until) => writer.transaction((c) => clearTestCodes(c, until)),
    webPixelAccepted: (shopId, pixel) => writer.transaction((c) => webPixelAccepted(c, shopId, pixel)),
    webPixelLost: (shopId) => writer.transaction((c) => webPixelLost(c, shopId)),
    webPixelFailed: (shopId, fault) => writer.transaction((c) => webPixelFailed(c, shopId, fault)),
    holdDataset: (dataset, reason, now) => writer.transaction((c) => holdDataset(c, dataset, reason, now)),
    pauseDataset: (dataset, until) => writer.transaction((c) => pauseDataset(c, dataset, until)),
    uninstallShop: (shopId, domain, triggeredAt, now) =>
      writer.transaction((c) => uninstallShop(c, shopId, domain, triggeredAt, now)),
    updateSessionScope: (domain, scope) => writer.transaction((c) => updateSessionScope(c, domain, scope)),
    openNotices: async (topics, limit) => openNotices(connection, topics, limit),
    closeNotice: (id, now) => writer.transaction((c) => closeNotice(c, id, now)),
    takeServerLease: (holder, now, until) => writer.transaction((c) => takeServerLease(c, holder, now, until)),
    dropServerLease: (holder) => writer.transaction((c) => dropServerLease(c, holder)),
    serverAlive: async (now) => serverAlive(connection, now),
    check: () => writer.transaction((c) => void settingsVersion(c)),
    close: () => writer.close(),
  };
}
