import { all, run, type Sql, type Work } from "../statement";

/** Tells every process that shops, datasets or settings changed. */
export function* bumpVersion(): Work<void> {
  yield* run(`UPDATE "SettingsVersion" SET "n" = "n" + 1 WHERE "id" = 1`);
}

export function* settingsVersion(): Work<number> {
  return (yield* all<{ n: number }>(`SELECT "n" FROM "SettingsVersion" WHERE "id" = 1`))[0]?.n ?? 0;
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

// What was ordered while the app was away is not told: the dataset counts from now on.
const CONNECT_ANEW = `
  UPDATE "Dataset" SET "connectedAt" = ?2, "pausedUntil" = NULL WHERE "shopId" = ?1 AND "disconnectedAt" IS NULL`;

/** The shop's row, made if it is not there; one that was uninstalled is installed again. */
export function* ensureShop(shop: NewShop): Work<ShopRow> {
  const [before] = yield* all<ShopRow>(`SELECT * FROM "Shop" WHERE "domain" = ?`, shop.domain);
  yield* run(
    `INSERT INTO "Shop" ("domain", "beaconKey", "dataKey", "settings", "createdAt", "installedAt")
     VALUES (?1, ?2, ?3, ?4, ?5, ?5)
     ON CONFLICT ("domain") DO UPDATE SET "uninstalledAt" = NULL, "installedAt" = excluded."installedAt"`,
    shop.domain,
    shop.beaconKey,
    shop.dataKey,
    shop.settings,
    shop.createdAt,
  );
  if (before === undefined || before.uninstalledAt !== null) yield* bumpVersion();
  if (before !== undefined && before.uninstalledAt !== null) yield* run(CONNECT_ANEW, before.id, shop.createdAt);
  const [row] = yield* all<ShopRow>(`SELECT * FROM "Shop" WHERE "domain" = ?`, shop.domain);
  if (row === undefined) throw new Error("a shop just written is not there");
  return row;
}

export interface NewDataset {
  shopId: number;
  dataset: string;
  token: string;
  /** '' clears it; null keeps what is set. */
  testCode: string | null;
  holdSeconds: number | null;
  connectedAt: number;
}

/** Adds a dataset, or gives a known one its new token; what was on hold for it flows again. */
export function* connectDataset(row: NewDataset): Work<void> {
  yield* run(
    `INSERT INTO "Dataset" ("shopId", "dataset", "token", "testCode", "testCodeAt", "holdSeconds", "connectedAt",
       "tokenAt")
     VALUES (?1, ?2, ?3, nullif(?4, ''), ?6, coalesce(?5, 60), ?6, ?6)
     ON CONFLICT ("shopId", "dataset") DO UPDATE SET
       "token" = excluded."token", "tokenAt" = excluded."tokenAt",
       "testCode" = nullif(coalesce(?4, "Dataset"."testCode"), ''),
       "testCodeAt" = CASE WHEN ?4 IS NULL THEN "Dataset"."testCodeAt" ELSE excluded."testCodeAt" END,
       "holdSeconds" = coalesce(?5, "Dataset"."holdSeconds"), "connection" = "Dataset"."connection" + 1,
       "heldReason" = NULL, "heldAt" = NULL, "pausedUntil" = NULL,
       "connectedAt" = CASE WHEN "Dataset"."disconnectedAt" IS NULL THEN "Dataset"."connectedAt" ELSE excluded."connectedAt" END,
       "disconnectedAt" = NULL`,
    row.shopId,
    row.dataset,
    row.token,
    row.testCode,
    row.holdSeconds,
    row.connectedAt,
  );
  yield* bumpVersion();
}

/** What Shopify, or a person, says of a shop itself; null, or nothing, keeps what is known. */
export interface ShopFacts {
  /** ISO alpha-2 */
  country: string | null;
  /** Host of the storefront. */
  primaryDomain: string | null;
  /** IANA name. */
  timezone: string | null;
  /** ISO 4217 of the shop itself. */
  currency?: string | null;
  /** Every currency it sells in. */
  currencies?: readonly string[] | null;
  /** Whether its prices have their tax in them. */
  taxesIncluded?: boolean | null;
}

/** The columns that it may say something of. */
const DESCRIBED = ["country", "primaryDomain", "timezone", "currency", "currencies", "taxesIncluded"] as const;

const DESCRIBE = `
  UPDATE "Shop" SET ${DESCRIBED.map((column, index) => `"${column}" = coalesce(?${index + 2}, "${column}")`).join(", ")}
  WHERE "id" = ?1 AND (${DESCRIBED.map(
    (column, index) => `"${column}" IS DISTINCT FROM coalesce(?${index + 2}, "${column}")`,
  ).join(" OR ")})`;

export function* describeShop(shopId: number, known: ShopFacts): Work<void> {
  const { currency = null, currencies = null, taxesIncluded = null } = known;
  const changed = yield* run(
    DESCRIBE,
    shopId,
    known.country,
    known.primaryDomain,
    known.timezone,
    currency,
    currencies === null ? null : JSON.stringify(currencies),
    taxesIncluded,
  );
  if (changed > 0) yield* bumpVersion();
}

const STORED_SETTINGS: Sql = ({ forUpdate }) => `SELECT "settings" FROM "Shop" WHERE "id" = ?1 ${forUpdate}`;

/** Reads, changes and writes as one: two people may save at once. */
export function* changeSettings(shopId: number, change: (stored: string) => string): Work<void> {
  const [row] = yield* all<{ settings: string }>(STORED_SETTINGS, shopId);
  if (row === undefined) throw new Error(`there is no shop ${shopId}`);
  yield* run(`UPDATE "Shop" SET "settings" = ? WHERE "id" = ?`, change(row.settings), shopId);
  yield* bumpVersion();
}

/** What may be changed of a dataset without its token. */
export interface DatasetConfiguration {
  /** Null: none. */
  testCode: string | null;
  /** When the code was set; the same as before where it is the same. */
  testCodeAt: number | null;
  holdSeconds: number;
}

export function* configureDataset(id: number, { testCode, testCodeAt, holdSeconds }: DatasetConfiguration): Work<void> {
  yield* run(
    `UPDATE "Dataset" SET "testCode" = ?, "testCodeAt" = ?, "holdSeconds" = ? WHERE "id" = ?`,
    testCode,
    testCodeAt,
    holdSeconds,
    id,
  );
  yield* bumpVersion();
}

export function* clearTestCodes(until: number): Work<number> {
  const cleared = yield* run(
    `UPDATE "Dataset" SET "testCode" = NULL, "testCodeAt" = NULL
     WHERE "testCode" IS NOT NULL AND coalesce("testCodeAt", "connectedAt") <= ?`,
    until,
  );
  if (cleared > 0) yield* bumpVersion();
  return cleared;
}

/**
 * Disconnects one dataset, or all of a shop; the drain ends what waits for them as withheld. Answers how many it was.
 */
export function* disconnectDatasets(shopId: number, dataset: string | null, now: number): Work<number> {
  const gone = yield* run(
    `UPDATE "Dataset" SET "disconnectedAt" = ?3
     WHERE "shopId" = ?1 AND (CAST(?2 AS TEXT) IS NULL OR "dataset" = ?2) AND "disconnectedAt" IS NULL`,
    shopId,
    dataset,
    now,
  );
  if (gone > 0) yield* bumpVersion();
  return gone;
}

/**
 * The app was removed from a shop: nothing more goes to Meta, the sessions end, the drain ends what waits. `triggeredAt`:
 * when Shopify says so; what is dated before we last had word of the installation is a late one and does nothing.
 */
export function* uninstallShop(shopId: number, domain: string, triggeredAt: number, now: number): Work<void> {
  const removed = yield* run(
    `UPDATE "Shop" SET "uninstalledAt" = ?2, "webPixelId" = NULL, "webPixelSettings" = NULL, "webPixelAt" = NULL,
       "webPixelFault" = NULL
     WHERE "id" = ?1 AND "installedAt" <= ?3`,
    shopId,
    now,
    triggeredAt,
  );
  if (removed === 0) return;
  yield* run(`DELETE FROM "Session" WHERE "shop" = ?`, domain);
  yield* bumpVersion();
}

export function* updateSessionScope(domain: string, scope: string): Work<void> {
  yield* run(`UPDATE "Session" SET "scope" = ? WHERE "shop" = ?`, scope, domain);
}

/**
 * Stops a dataset until a person acts; the reason is a verdict of delivery. `connection`: the token that Meta spoke of;
 * where a newer one has taken its place, nothing happens.
 */
export function* holdDataset(dataset: { id: number; connection: number }, reason: string, now: number): Work<void> {
  const held = yield* run(
    `UPDATE "Dataset" SET "heldReason" = ?, "heldAt" = ? WHERE "id" = ? AND "connection" = ? AND "heldReason" IS NULL`,
    reason,
    now,
    dataset.id,
    dataset.connection,
  );
  if (held > 0) yield* bumpVersion();
}

const PAUSE: Sql = ({ greatest }) => `
  UPDATE "Dataset" SET "pausedUntil" = ${greatest(`coalesce("pausedUntil", 0)`, "?1")} WHERE "id" = ?2 AND "connection" = ?3`;

/** Slows a dataset down for as long as Meta asked, likewise; a pause that is longer already stays. */
export function* pauseDataset(dataset: { id: number; connection: number }, until: number): Work<void> {
  const paused = yield* run(PAUSE, until, dataset.id, dataset.connection);
  if (paused > 0) yield* bumpVersion();
}

const REPLACE_DATA_KEYS: Sql = ({ rows }) => `
  UPDATE "Shop" SET "dataKey" = w."after"
  FROM ${rows("?1", { id: "integer", before: "text", after: "text" })} AS w
  WHERE "Shop"."id" = w."id" AND "Shop"."dataKey" = w."before"`;

/** A shop's data key, sealed as it was and as it is to be. */
export interface ResealedDataKey {
  id: number;
  before: string;
  after: string;
}

/** Stores data keys that were sealed anew, each unless somebody did so meanwhile; answers how many. */
export function* replaceDataKeys(changes: readonly ResealedDataKey[]): Work<number> {
  if (changes.length === 0) return 0;
  const replaced = yield* run(
    REPLACE_DATA_KEYS,
    JSON.stringify(changes.map(({ id, before, after }) => [id, before, after])),
  );
  yield* bumpVersion();
  return replaced;
}
