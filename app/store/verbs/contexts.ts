import type { ContextWrite, Erasure, KnownContext, MemoryWrite } from "../rows";
import { all, run, type Sql, type Work } from "../statement";

const FIND_CONTEXT = `SELECT "browser", "matchKeys", "consent" FROM "BrowserContext" WHERE "shopId" = ?1 AND "key" = ?2`;

const FORGET_CONTEXT = `DELETE FROM "BrowserContext" WHERE "shopId" = ?1 AND "key" = ?2`;

const FORGET_NAMING: Sql = ({ contains }) =>
  `DELETE FROM "BrowserContext" WHERE "shopId" = ?1 AND ${contains(`"matchKeys"`, "?2")}`;

/** Forgets what is remembered under a key, and under all that it leads to. */
export function* erase({ naming, ...erasure }: Erasure): Work<void> {
  yield* follow(erasure, new Set());
  if (naming !== null) yield* run(FORGET_NAMING, erasure.shopId, JSON.stringify(naming));
}

function* follow({ shopId, key, whole, leadsTo }: Omit<Erasure, "naming">, seen: Set<string>): Work<void> {
  if (seen.has(key)) return;
  seen.add(key);
  const [stored] = yield* all<KnownContext>(FIND_CONTEXT, shopId, key);
  if (stored === undefined) return;
  if (whole) yield* run(FORGET_CONTEXT, shopId, key);
  for (const further of leadsTo(stored)) yield* follow({ shopId, key: further, whole: true, leadsTo }, seen);
}

const UPSERT_CONTEXT = `
  INSERT INTO "BrowserContext" ("shopId", "key", "browser", "matchKeys", "consent", "beacon", "receivedAt", "firstAt")
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
  ON CONFLICT ("shopId", "key") DO UPDATE SET
    "browser" = excluded."browser", "matchKeys" = excluded."matchKeys", "consent" = excluded."consent",
    "beacon" = "BrowserContext"."beacon" OR excluded."beacon", "receivedAt" = excluded."receivedAt"`;

const LOCK_CONTEXT: Sql = ({ lockKey }) => lockKey("?1", "?2");

export function* upsertContext(write: ContextWrite): Work<void> {
  yield* all(LOCK_CONTEXT, write.shopId, write.key);
  const [stored] = yield* all<KnownContext>(FIND_CONTEXT, write.shopId, write.key);
  const { browser, matchKeys, consent } = write.join(stored ?? null);
  yield* run(UPSERT_CONTEXT, write.shopId, write.key, browser, matchKeys, consent, write.beacon, write.receivedAt);
}

const STILL_THERE: Sql = ({ values, isFalse }) => `
  SELECT count(*) AS "n" FROM "BrowserContext"
  WHERE "shopId" = ?1 AND "key" IN ${values("?2", "text")} AND NOT ${isFalse(`"consent"`, "marketing")}`;

/** Remembers, unless consent was taken back since it was decided to. */
export function* remember(write: MemoryWrite): Work<void> {
  const [there] = yield* all<{ n: number }>(STILL_THERE, write.shopId, JSON.stringify(write.toldBy));
  if (there?.n === write.toldBy.length) yield* upsertContext(write);
}

// In portions: the writer must not stand still.
const FORGET_OLD = `
  DELETE FROM "BrowserContext" WHERE "id" IN (SELECT "id" FROM "BrowserContext" WHERE "receivedAt" < ?1 LIMIT 5000)`;

export function* forgetContexts(before: number): Work<void> {
  yield* run(FORGET_OLD, before);
}
