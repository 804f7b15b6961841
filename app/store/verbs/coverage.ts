import { inLockOrder } from "../rounds";
import type { CoveredEvent } from "../rows";
import { all, run, type Sql, type Work } from "../statement";

/** A column for each match key, in the order in which a key account names them. */
export const COVERAGE_KEYS = [
  "em",
  "ph",
  "fn",
  "ln",
  "ge",
  "db",
  "ct",
  "st",
  "zp",
  "country",
  "external_id",
  "client_ip_address",
  "client_user_agent",
  "fbc",
  "fbp",
] as const;

const COUNTS = ["events", "twins", ...COVERAGE_KEYS] as const;

const PLACE = {
  datasetId: "integer",
  dimension: "text",
  event: "text",
  leg: "text",
  day: "integer",
  value: "text",
} as const;

const WIDTH = Object.keys(PLACE).length;
const COLUMNS = [...Object.keys(PLACE), ...COUNTS].map((column) => `"${column}"`).join(", ");

const COVER: Sql = ({ rows }) => `
  INSERT INTO "Coverage" ("shopId", ${COLUMNS})
  SELECT ?1, ${COLUMNS}
  FROM ${rows("?2", { ...PLACE, ...Object.fromEntries(COUNTS.map((count) => [count, "integer" as const])) })} AS w
  WHERE true ORDER BY 2, 3, 4, 5, 6, 7
  ON CONFLICT ("shopId", "datasetId", "dimension", "event", "leg", "day", "value") DO UPDATE SET
    ${COUNTS.map((count) => `"${count}" = "Coverage"."${count}" + excluded."${count}"`).join(", ")}`;

/** Both of whose copies went out; `day` of the server's. */
export interface Twin {
  event: string;
  eventId: string;
  day: number;
}

type CoverageRow = (string | number)[];

/** Letters of a key account, see app/match-keys/key-account.ts */
const ABSENT = "-";
const KNOWN_HERE = "k";

/** Adds events to the counts of what they carry, all of one dataset, and says of twins on either leg that they are. */
export function* cover(shopId: number, covered: readonly CoveredEvent[], twins: readonly Twin[]): Work<void> {
  const rows = new Map<string, CoverageRow>();
  const [first] = covered;
  if (first === undefined) return;
  const { datasetId } = first;
  const rowOf = (dimension: string, event: string, leg: string, day: number, value: string): CoverageRow => {
    const key = `${dimension}\n${event}\n${leg}\n${day}\n${value}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = [datasetId, dimension, event, leg, day, value, ...COUNTS.map(() => 0)];
      rows.set(key, row);
    }
    return row;
  };
  for (const { event, leg, day, keyAccount, groups } of covered) {
    count(rowOf("all", event, leg, day, ""), keyAccount, isSent);
    for (const [dimension, value] of groups) count(rowOf(dimension, event, leg, day, value), keyAccount, isSent);
    if (keyAccount.includes(KNOWN_HERE)) count(rowOf("known", event, leg, day, ""), keyAccount, isKnown);
  }
  for (const { event, day } of twins) add(rowOf("all", event, "server", day, ""), WIDTH + 1);
  yield* run(COVER, shopId, JSON.stringify([...rows.values()]));
}

function isSent(letter: string | undefined): boolean {
  return letter !== undefined && letter !== ABSENT && letter !== KNOWN_HERE;
}

function isKnown(letter: string | undefined): boolean {
  return letter === KNOWN_HERE;
}

function count(row: CoverageRow, keyAccount: string, counts: (letter: string | undefined) => boolean): void {
  add(row, WIDTH);
  for (let key = 0; key < COVERAGE_KEYS.length; key += 1) {
    if (counts(keyAccount[key])) add(row, WIDTH + 2 + key);
  }
}

function add(row: CoverageRow, column: number): void {
  row[column] = Number(row[column]) + 1;
}

// Each is counted once, by whoever comes second: the copy that left, or Meta's yes to the server's.
const TWINNED: Sql = ({ rows }) => `
  UPDATE "BrowserCopy" SET "twinned" = true
  FROM ${rows("?2", { name: "text", eventId: "text" })} AS w
  WHERE "BrowserCopy"."datasetId" = ?1 AND "BrowserCopy"."name" = w."name" AND "BrowserCopy"."eventId" = w."eventId"
    AND "BrowserCopy"."tr" = 'resolved' AND NOT "BrowserCopy"."twinned"
  RETURNING "BrowserCopy"."name" AS "event", "BrowserCopy"."eventId" AS "eventId"`;

/** Which of the events that Meta has just taken had left a browser before, and were not counted as twins yet. */
export function* twinsOfAccepted(datasetId: number, covered: readonly CoveredEvent[]): Work<Twin[]> {
  return yield* twinned(
    datasetId,
    covered.map(({ event, eventId, day }) => ({ event, eventId, day })),
  );
}

// Locked, so that a settlement of the same events is either over or waits: then it finds the copies itself.
const OF_COPIES: Sql = ({ rows, keyByKey, forUpdate }) => `
  SELECT e."name", e."eventId", e."eventTime", e."outcome" FROM ${rows("?3", { name: "text", eventId: "text" })} AS w
  ${keyByKey} "Event" AS e
    ON e."shopId" = ?1 AND e."eventId" = w."eventId" AND e."name" = w."name" AND e."datasetId" = ?2
  ORDER BY e."id" ${forUpdate}`;

/** Which of the copies that left are of events that Meta has taken, and were not counted as twins yet. */
export function* twinsOfCopies(
  shopId: number,
  datasetId: number,
  left: readonly CoveredEvent[],
  dayOf: (at: number) => number,
): Work<Twin[]> {
  if (left.length === 0) return [];
  const events = yield* all<{ name: string; eventId: string; eventTime: number; outcome: string }>(
    OF_COPIES,
    shopId,
    datasetId,
    JSON.stringify(left.map(({ event, eventId }) => [event, eventId])),
  );
  const accepted = events.filter(({ outcome }) => outcome === "accepted");
  return yield* twinned(
    datasetId,
    accepted.map(({ name, eventId, eventTime }) => ({ event: name, eventId, day: dayOf(eventTime) })),
  );
}

function* twinned(datasetId: number, candidates: readonly Twin[]): Work<Twin[]> {
  if (candidates.length === 0) return [];
  const nameOf = ({ event, eventId }: Pick<Twin, "event" | "eventId">) => `${event} ${eventId}`;
  const byName = new Map(candidates.map((twin) => [nameOf(twin), twin]));
  const inOrder = inLockOrder([...byName.values()], nameOf).map(({ event, eventId }) => [event, eventId]);
  const counted = yield* all<{ event: string; eventId: string }>(TWINNED, datasetId, JSON.stringify(inOrder));
  return counted.flatMap((row) => byName.get(nameOf(row)) ?? []);
}
