import type { Connection } from "./connection.server";

/** Tells every process that shops, datasets or settings changed. */
export function bumpVersion(connection: Connection): void {
  connection.run(`UPDATE "SettingsVersion" SET "n" = "n" + 1 WHERE "id" = 1`);
}

export function settingsVersion(connection: Connection): number {
  return connection.all<{ n: number }>(`SELECT "n" FROM "SettingsVersion" WHERE "id" = 1`)[0]?.n ?? 0;
}

export interface NewShop {
  domain: string;
  beaconKey: string;
  dataKey: string;
  settings: string;
  createdAt: number;
}

export interface ShopRow {
  id: number;
  domain: string;
  beaconKey: string;
  dataKey: string;
  settings: string;
  country: string | null;
  primaryDomain: string | null;
  uninstalledAt: number | null;
}

/** The shop's row, made if it is not there; one that was uninstalled is installed again. */
export function ensureShop(connection: Connection, shop: NewShop): ShopRow {
  const [before] = connection.all<ShopRow>(`SELECT * FROM "Shop" WHERE "domain" = ?`, shop.domain);
  connection.run(
    `INSERT INTO "Shop" ("domain", "beaconKey", "dataKey", "settings", "createdAt", "installedAt")
     VALUES (?1, ?2, ?3, ?4, ?5, ?5)
     ON CONFLICT ("domain") DO UPDATE SET "uninstalledAt" = NULL, "installedAt" = excluded."installedAt"`,
    shop.domain,
    shop.beaconKey,
    shop.dataKey,
    shop.settings,
    shop.createdAt,
  );
  if (before === undefined || before.uninstalledAt !== null) bumpVersion(connection);
  const [row] = connection.all<ShopRow>(`SELECT * FROM "Shop" WHERE "domain" = ?`, shop.domain);
  if (row === undefined) throw new Error("a shop just written is not there");
  return row;
}

export interface NewDataset {
  shopId: number;
  dataset: string;
  token: string;
  testCode: string | null;
  holdSeconds: number | null;
  connectedAt: number;
}

/** Adds a dataset, or gives a known one its new token; what was on hold for it is due again. */
export function connectDataset(connection: Connection, row: NewDataset): void {
  connection.run(
    `INSERT INTO "Dataset" ("shopId", "dataset", "token", "testCode", "holdSeconds", "connectedAt")
     VALUES (?1, ?2, ?3, ?4, coalesce(?5, 60), ?6)
     ON CONFLICT ("shopId", "dataset") DO UPDATE SET
       "token" = excluded."token", "testCode" = excluded."testCode", "holdSeconds" = coalesce(?5, "holdSeconds"),
       "heldReason" = NULL, "heldAt" = NULL, "pausedUntil" = NULL,
       "connectedAt" = CASE WHEN "disconnectedAt" IS NULL THEN "connectedAt" ELSE excluded."connectedAt" END,
       "disconnectedAt" = NULL`,
    row.shopId,
    row.dataset,
    row.token,
    row.testCode,
    row.holdSeconds,
    row.connectedAt,
  );
  // Retry delays were waits for a dead token; with a new one there is nothing to wait for.
  connection.run(
    `UPDATE "Event" SET "runAt" = max(?3, "eventTime")
     WHERE "datasetId" = (SELECT "id" FROM "Dataset" WHERE "shopId" = ?1 AND "dataset" = ?2)
       AND "outcome" = 'waiting' AND "lease" IS NULL AND "hold" IS NULL AND "runAt" > ?3`,
    row.shopId,
    row.dataset,
    row.connectedAt,
  );
  bumpVersion(connection);
}

/** Disconnects one dataset, or all of a shop; what waited ends as withheld. Answers how many datasets it was. */
export function disconnectDatasets(
  connection: Connection,
  shopId: number,
  dataset: string | null,
  now: number,
): number {
  const gone = connection.all<{ id: number }>(
    `UPDATE "Dataset" SET "disconnectedAt" = ?3
     WHERE "shopId" = ?1 AND (?2 IS NULL OR "dataset" = ?2) AND "disconnectedAt" IS NULL RETURNING "id"`,
    shopId,
    dataset,
    now,
  );
  for (const { id } of gone) endWaiting(connection, id, "disconnected", now);
  if (gone.length > 0) bumpVersion(connection);
  return gone.length;
}

/** Ends what waits for a dataset. A row on its way to Meta right now keeps its lease and its own ending. */
function endWaiting(connection: Connection, datasetId: number, reason: string, now: number): void {
  connection.run(
    `UPDATE "Event" SET "outcome" = 'withheld', "reason" = ?2, "runAt" = ?3, "hold" = NULL, "settledAt" = ?3
     WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND ("lease" IS NULL OR "runAt" <= ?3)`,
    datasetId,
    reason,
    now,
  );
}

/**
 * The app was removed from a shop: nothing more goes to Meta, the sessions end. `triggeredAt`: when Shopify says so; what
 * is dated before we last had word of the installation is a late one and does nothing.
 */
export function uninstallShop(
  connection: Connection,
  shopId: number,
  domain: string,
  triggeredAt: number,
  now: number,
): void {
  const removed = connection.run(
    `UPDATE "Shop" SET "uninstalledAt" = ?2 WHERE "id" = ?1 AND "installedAt" <= ?3`,
    shopId,
    now,
    triggeredAt,
  );
  if (removed === 0) return;
  connection.run(`DELETE FROM "Session" WHERE "shop" = ?`, domain);
  for (const { id } of connection.all<{ id: number }>(`SELECT "id" FROM "Dataset" WHERE "shopId" = ?`, shopId)) {
    endWaiting(connection, id, "uninstalled", now);
  }
  bumpVersion(connection);
}

export function updateSessionScope(connection: Connection, domain: string, scope: string): void {
  connection.run(`UPDATE "Session" SET "scope" = ? WHERE "shop" = ?`, scope, domain);
}

/** Stops a dataset until a person acts; the reason is a verdict of delivery. */
export function holdDataset(connection: Connection, datasetId: number, reason: string, now: number): void {
  connection.run(
    `UPDATE "Dataset" SET "heldReason" = ?, "heldAt" = ? WHERE "id" = ? AND "heldReason" IS NULL`,
    reason,
    now,
    datasetId,
  );
  bumpVersion(connection);
}

/** Slows a dataset down for as long as Meta asked. */
export function pauseDataset(connection: Connection, datasetId: number, until: number): void {
  connection.run(`UPDATE "Dataset" SET "pausedUntil" = ? WHERE "id" = ?`, until, datasetId);
  bumpVersion(connection);
}
