import type { IngestResult, IngestWrite, Settling, StoredEvent } from "./rows";
import {
  type Claim,
  claimDue,
  claimEnded,
  claimTooOld,
  claimWaiting,
  contextsOf,
  dueDatasets,
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
  describeShop,
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
export type { NewDataset, NewShop, ShopRow } from "./sqlite/shops.server";
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
  contextsOf(shopId: number, keys: string[]): Promise<StoredContext[]>;
  /** Answers the rows that were not ours any more. */
  settle(settling: Settling): Promise<{ lost: number[] }>;
  settingsVersion(): Promise<number>;
  ensureShop(shop: NewShop): Promise<ShopRow>;
  connectDataset(dataset: NewDataset): Promise<void>;
  /** Answers how many datasets were disconnected. */
  disconnectDatasets(shopId: number, dataset: string | null, now: number): Promise<number>;
  describeShop(shopId: number, country: string): Promise<void>;
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
    contextsOf: async (shopId, keys) => contextsOf(connection, shopId, keys),
    settle: (settling) => writer.transaction((c) => settle(c, settling)),
    settingsVersion: async () => settingsVersion(connection),
    ensureShop: (shop) => writer.transaction((c) => ensureShop(c, shop)),
    connectDataset: (dataset) => writer.transaction((c) => connectDataset(c, dataset)),
    disconnectDatasets: (shopId, dataset, now) =>
      writer.transaction((c) => disconnectDatasets(c, shopId, dataset, now)),
    describeShop: (shopId, country) => writer.transaction((c) => describeShop(c, shopId, country)),
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
