import type { ContextWrite, Erasure, KnownContext, MemoryWrite } from "../rows";
import type { Connection } from "./connection.server";

const FIND_CONTEXT = `SELECT "browser", "matchKeys", "consent" FROM "BrowserContext" WHERE "shopId" = ? AND "key" = ?`;

const FORGET_CONTEXT = `DELETE FROM "BrowserContext" WHERE "shopId" = ? AND "key" = ?`;

const FORGET_NAMING = `DELETE FROM "BrowserContext" WHERE "shopId" = ? AND instr("matchKeys", ?) > 0`;

/** Forgets what is remembered under a key, and under all that it leads to. */
export function erase(connection: Connection, { naming, ...erasure }: Erasure): void {
  follow(connection, erasure, new Set());
  if (naming !== null) connection.run(FORGET_NAMING, erasure.shopId, JSON.stringify(naming));
}

function follow(
  connection: Connection,
  { shopId, key, whole, leadsTo }: Omit<Erasure, "naming">,
  seen: Set<string>,
): void {
  if (seen.has(key)) return;
  seen.add(key);
  const [stored] = connection.all<KnownContext>(FIND_CONTEXT, shopId, key);
  if (stored === undefined) return;
  if (whole) connection.run(FORGET_CONTEXT, shopId, key);
  for (const further of leadsTo(stored)) follow(connection, { shopId, key: further, whole: true, leadsTo }, seen);
}

const UPSERT_CONTEXT = `
  INSERT INTO "BrowserContext" ("shopId", "key", "browser", "matchKeys", "consent", "beacon", "receivedAt", "firstAt")
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
  ON CONFLICT ("shopId", "key") DO UPDATE SET
    "browser" = excluded."browser", "matchKeys" = excluded."matchKeys", "consent" = excluded."consent",
    "beacon" = max("beacon", excluded."beacon"), "receivedAt" = excluded."receivedAt"`;

export function upsertContext(connection: Connection, write: ContextWrite): void {
  const [stored] = connection.all<KnownContext>(FIND_CONTEXT, write.shopId, write.key);
  const { browser, matchKeys, consent } = write.join(stored ?? null);
  const beacon = write.beacon ? 1 : 0;
  connection.run(UPSERT_CONTEXT, write.shopId, write.key, browser, matchKeys, consent, beacon, write.receivedAt);
}

const STILL_THERE = `
  SELECT count(*) AS "n" FROM "BrowserContext"
  WHERE "shopId" = ? AND "key" IN (SELECT value FROM json_each(?)) AND "consent"->>'marketing' IS NOT 0`;

/** Remembers, unless consent was taken back since it was decided to. */
export function remember(connection: Connection, write: MemoryWrite): void {
  const [there] = connection.all<{ n: number }>(STILL_THERE, write.shopId, JSON.stringify(write.toldBy));
  if (there?.n === write.toldBy.length) upsertContext(connection, write);
}

// In portions: the writer must not stand still.
const FORGET_OLD = `
  DELETE FROM "BrowserContext" WHERE "id" IN (SELECT "id" FROM "BrowserContext" WHERE "receivedAt" < ? LIMIT 5000)`;

export function forgetContexts(connection: Connection, before: number): void {
  connection.run(FORGET_OLD, before);
}
