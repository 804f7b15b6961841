import { inLockOrder } from "../rounds";
import type { ContextWrite, Erasure, KnownContext, MemoryWrite } from "../rows";
import { all, run, type Sql, type Work } from "../statement";

const FIND_CONTEXT: Sql = ({ forUpdate }) => `
  SELECT "browser", "matchKeys", "consent" FROM "BrowserContext" WHERE "shopId" = ?1 AND "key" = ?2 ${forUpdate}`;

const FORGET_CONTEXT = `DELETE FROM "BrowserContext" WHERE "shopId" = ?1 AND "key" = ?2`;

/** Forgets what is remembered under a key, and under all that it leads to. */
export function* erase({ shopId, key, whole, leadsTo }: Erasure, seen = new Set<string>()): Work<void> {
  if (seen.has(key)) return;
  seen.add(key);
  const [stored] = yield* all<KnownContext>(FIND_CONTEXT, shopId, key);
  if (stored === undefined) return;
  if (whole) yield* run(FORGET_CONTEXT, shopId, key);
  for (const further of leadsTo(stored)) yield* erase({ shopId, key: further, whole: true, leadsTo }, seen);
}

interface Key {
  shopId: number;
  key: string;
}

/** All that a group tells of one browser, in the order in which it was told. */
interface Told extends Key {
  writes: ContextWrite[];
}

const KEY = { shopId: "integer", key: "text" } as const;

// Key by key into the index.
const KNOWN_KEYS: Sql = ({ rows, keyByKey }) => `
  SELECT c."shopId", c."key" FROM ${rows("?1", KEY)} AS w ${keyByKey} "BrowserContext" AS c
    ON c."shopId" = w."shopId" AND c."key" = w."key"`;

const LOCK_CONTEXTS: Sql = ({ rows, keyByKey, forUpdate }) => `
  SELECT c."id", c."shopId", c."key", c."browser", c."matchKeys", c."consent"
  FROM ${rows("?1", KEY)} AS w ${keyByKey} "BrowserContext" AS c ON c."shopId" = w."shopId" AND c."key" = w."key"
  ORDER BY c."id" ${forUpdate}`;

const INSERT_CONTEXTS: Sql = ({ rows }) => `
  INSERT INTO "BrowserContext" ("shopId", "key", "browser", "matchKeys", "consent", "beacon", "receivedAt", "firstAt")
  SELECT * FROM ${rows("?1", { ...KEY, browser: "text", matchKeys: "text", consent: "text", beacon: "boolean", receivedAt: "integer", firstAt: "integer" })} AS w
  WHERE true
  ON CONFLICT ("shopId", "key") DO NOTHING
  RETURNING "shopId", "key"`;

// No upsert: PostgreSQL would take a row id for each, and there are as many of those as there are beacons in some years.
const UPDATE_CONTEXTS: Sql = ({ rows }) => `
  UPDATE "BrowserContext" SET
    "browser" = w."browser", "matchKeys" = w."matchKeys", "consent" = w."consent",
    "beacon" = "BrowserContext"."beacon" OR w."beacon", "receivedAt" = w."receivedAt"
  FROM ${rows("?1", { id: "integer", browser: "text", matchKeys: "text", consent: "text", beacon: "boolean", receivedAt: "integer" })} AS w
  WHERE "BrowserContext"."id" = w."id"`;

/**
 * Joins what a group tells with what is known. Transactions that tell of the same browsers do not wait for each other in a
 * circle: first each inserts what is new to it, in one order, then it locks what was there, in one order.
 */
export function* upsertContexts(writes: readonly ContextWrite[]): Work<void> {
  let left = byKey(writes);
  while (left.length > 0) {
    const known = new Set((yield* all<Key>(KNOWN_KEYS, keysOf(left))).map(nameOf));
    // What another transaction has inserted meanwhile is there now.
    const late = yield* insertNew(left.filter((told) => !known.has(nameOf(told))));
    left = yield* updateKnown([...left.filter((told) => known.has(nameOf(told))), ...late]);
  }
}

/** Answers those that are forgotten since they were looked for. */
function* updateKnown(told: readonly Told[]): Work<Told[]> {
  if (told.length === 0) return [];
  const found = yield* all<KnownContext & Key & { id: number }>(LOCK_CONTEXTS, keysOf(told));
  const stored = new Map(found.map((row) => [nameOf(row), row]));
  const rows = told.flatMap((one) => {
    const known = stored.get(nameOf(one));
    return known === undefined ? [] : [[known.id, ...joined(one, known)]];
  });
  if (rows.length > 0) yield* run(UPDATE_CONTEXTS, JSON.stringify(rows));
  return told.filter((one) => !stored.has(nameOf(one)));
}

/** Answers those that were there already. */
function* insertNew(told: readonly Told[]): Work<Told[]> {
  if (told.length === 0) return [];
  const rows = told.map((one) => [one.shopId, one.key, ...joined(one, null), one.writes[0]?.receivedAt]);
  const names = new Set((yield* all<Key>(INSERT_CONTEXTS, JSON.stringify(rows))).map(nameOf));
  return told.filter((one) => !names.has(nameOf(one)));
}

function byKey(writes: readonly ContextWrite[]): Told[] {
  const told = new Map<string, Told>();
  for (const write of writes) {
    const { shopId, key } = write;
    const before = told.get(nameOf(write));
    if (before === undefined) told.set(nameOf(write), { shopId, key, writes: [write] });
    else before.writes.push(write);
  }
  return inLockOrder([...told.values()], nameOf);
}

function nameOf({ shopId, key }: Key): string {
  return `${shopId} ${key}`;
}

function keysOf(told: readonly Told[]): string {
  return JSON.stringify(told.map(({ shopId, key }) => [shopId, key]));
}

/** What is remembered from now on: browser, match keys, consent, whether a beacon spoke, and when it was last heard of. */
function joined({ writes }: Told, stored: KnownContext | null): unknown[] {
  let known = stored;
  for (const { join } of writes) known = join(known);
  return [
    known?.browser,
    known?.matchKeys,
    known?.consent,
    writes.some(({ beacon }) => beacon),
    writes.at(-1)?.receivedAt,
  ];
}

const STILL_THERE: Sql = ({ values, isFalse, forUpdate }) => `
  SELECT "key" FROM "BrowserContext"
  WHERE "shopId" = ?1 AND "key" IN ${values("?2", "text")} AND NOT ${isFalse(`"consent"`, "marketing")}
  ORDER BY "id" ${forUpdate}`;

/** Remembers customers of one shop, each unless consent was taken back since it was decided to. */
export function* remember(shopId: number, writes: readonly MemoryWrite[]): Work<void> {
  if (writes.length === 0) return;
  const toldBy = JSON.stringify([...new Set(writes.flatMap((write) => write.toldBy))]);
  const there = new Set((yield* all<{ key: string }>(STILL_THERE, shopId, toldBy)).map(({ key }) => key));
  yield* upsertContexts(writes.filter((write) => write.toldBy.every((key) => there.has(key))));
}
