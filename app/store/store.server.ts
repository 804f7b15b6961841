import type { IngestResult, IngestWrite, Settling, StoredEvent } from "./rows";
import {
  type Claim,
  claimDue,
  claimEnded,
  claimTooOld,
  contextsOf,
  hasDue,
  renewLease,
  type StoredContext,
} from "./sqlite/claim.server";
import { openConnection } from "./sqlite/connection.server";
import { ingestGroup } from "./sqlite/ingest.server";
import { dropServerLease, serverAlive, takeServerLease } from "./sqlite/lease.server";
import { closeNotice, openNotices, type StoredNotice } from "./sqlite/notices.server";
import { settle } from "./sqlite/settle.server";
import {
  connectDataset,
  disconnectDatasets,
  ensureShop,
  holdDataset,
  type NewDataset,
  type NewShop,
  pauseDataset,
  type ShopRow,
  settingsVersion,
  uninstallShop,
  updateSessionScope,
} from "./sqlite/shops.server";
import { openWriter } from "./sqlite/writer.server";

export type { Claim, StoredContext } from "./sqlite/claim.server";
export type { StoredNotice } from "./sqlite/notices.server";
export { LeaseLost } from "./sqlite/settle.server";
export type { NewDataset, NewShop, ShopRow } from "./sqlite/shops.server";
export { StoreBusy } from "./sqlite/writer.server";

/** Everything the pipeline writes, one verb per operation. Each verb is one transaction; it has happened when it resolves. */
export interface Store {
  ingest(write: IngestWrite): Promise<IngestResult>;
  hasDue(datasetId: number, now: number): boolean;
  claimDue(claim: Claim): Promise<StoredEvent[]>;
  claimTooOld(claim: Claim): Promise<StoredEvent[]>;
  claimEnded(claim: Claim): Promise<StoredEvent[]>;
  /** Answers how many of the rows were still held under the lease. */
  renewLease(lease: string, ids: number[], until: number): Promise<number>;
  contextsOf(shopId: number, keys: string[]): StoredContext[];
  settle(settling: Settling): Promise<void>;
  settingsVersion(): number;
  ensureShop(shop: NewShop): Promise<ShopRow>;
  connectDataset(dataset: NewDataset): Promise<void>;
  /** Answers how many datasets were disconnected. */
  disconnectDatasets(shopId: number, dataset: string | null, now: number): Promise<number>;
  holdDataset(datasetId: number, reason: string, now: number): Promise<void>;
  pauseDataset(datasetId: number, until: number): Promise<void>;
  /** `triggeredAt`: when Shopify says it happened. */
  uninstallShop(shopId: number, domain: string, triggeredAt: number, now: number): Promise<void>;
  updateSessionScope(domain: string, scope: string): Promise<void>;
  openNotices(topics: readonly string[], limit: number): StoredNotice[];
  closeNotice(id: number, now: number): Promise<void>;
  takeServerLease(holder: string, now: number, until: number): Promise<boolean>;
  dropServerLease(holder: string): Promise<void>;
  serverAlive(now: number): boolean;
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
    hasDue: (datasetId, now) => hasDue(connection, datasetId, now),
    claimDue: (claim) => writer.transaction((c) => claimDue(c, claim)),
    claimTooOld: (claim) => writer.transaction((c) => claimTooOld(c, claim)),
    claimEnded: (claim) => writer.transaction((c) => claimEnded(c, claim)),
    renewLease: (lease, ids, until) => writer.transaction((c) => renewLease(c, lease, ids, until)),
    contextsOf: (shopId, keys) => contextsOf(connection, shopId, keys),
    settle: (settling) => writer.transaction((c) => settle(c, settling)),
    settingsVersion: () => settingsVersion(connection),
    ensureShop: (shop) => writer.transaction((c) => ensureShop(c, shop)),
    connectDataset: (dataset) => writer.transaction((c) => connectDataset(c, dataset)),
    disconnectDatasets: (shopId, dataset, now) =>
      writer.transaction((c) => disconnectDatasets(c, shopId, dataset, now)),
    holdDataset: (datasetId, reason, now) => writer.transaction((c) => holdDataset(c, datasetId, reason, now)),
    pauseDataset: (datasetId, until) => writer.transaction((c) => pauseDataset(c, datasetId, until)),
    uninstallShop: (shopId, domain, triggeredAt, now) =>
      writer.transaction((c) => uninstallShop(c, shopId, domain, triggeredAt, now)),
    updateSessionScope: (domain, scope) => writer.transaction((c) => updateSessionScope(c, domain, scope)),
    openNotices: (topics, limit) => openNotices(connection, topics, limit),
    closeNotice: (id, now) => writer.transaction((c) => closeNotice(c, id, now)),
    takeServerLease: (holder, now, until) => writer.transaction((c) => takeServerLease(c, holder, now, until)),
    dropServerLease: (holder) => writer.transaction((c) => dropServerLease(c, holder)),
    serverAlive: (now) => serverAlive(connection, now),
    check: () => writer.transaction((c) => void settingsVersion(c)),
    close: () => writer.close(),
  };
}
