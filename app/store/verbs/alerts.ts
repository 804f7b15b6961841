import { TEST_EVENT } from "../../events/catalog";
import { all, run, type Sql, type Work } from "../statement";

/** An alert's row; see prisma/schema.prisma. */
export interface AlertRow {
  kind: string;
  subject: string;
  openedAt: number;
  seenAt: number;
  closedAt: number | null;
  measure: number;
  says: string;
  toldAt: number;
  toldMeasure: number;
}

/** A message to be sent over a channel. */
export interface NewAlertMessage {
  channel: string;
  /** JSON. */
  body: string;
}

/** What a look at a shop's alerts leads to. */
export interface AlertTurn {
  /** Those that are not as they were stored. */
  alerts: readonly AlertRow[];
  messages: readonly NewAlertMessage[];
}

const STORED = `SELECT * FROM "Alert" WHERE "shopId" = ?1`;
const LOCK: Sql = ({ forUpdate }) => `SELECT "id" FROM "Shop" WHERE "id" = ?1 ${forUpdate}`;

const WRITE: Sql = ({ rows }) => `
  INSERT INTO "Alert" ("shopId", "kind", "subject", "openedAt", "seenAt", "closedAt", "measure", "says", "toldAt",
    "toldMeasure")
  SELECT ?1, w.* FROM ${rows("?2", {
    kind: "text",
    subject: "text",
    openedAt: "integer",
    seenAt: "integer",
    closedAt: "integer",
    measure: "integer",
    says: "text",
    toldAt: "integer",
    toldMeasure: "integer",
  })} AS w WHERE true
  ON CONFLICT ("shopId", "kind", "subject") DO UPDATE SET
    "openedAt" = excluded."openedAt", "seenAt" = excluded."seenAt", "closedAt" = excluded."closedAt",
    "measure" = excluded."measure", "says" = excluded."says", "toldAt" = excluded."toldAt",
    "toldMeasure" = excluded."toldMeasure"`;

/**
 * Reads a shop's alerts, and writes what `look` makes of them with the messages that tell of it, as one: two processes may look
 * at once, and each thing is told once. `look` runs inside the transaction: it must be quick and must not throw.
 */
export function* turnAlerts(shopId: number, now: number, look: (stored: AlertRow[]) => AlertTurn): Work<void> {
  yield* all(LOCK, shopId);
  const { alerts, messages } = look(yield* all<AlertRow>(STORED, shopId));
  const rows = alerts.map((alert) => [
    alert.kind,
    alert.subject,
    alert.openedAt,
    alert.seenAt,
    alert.closedAt,
    alert.measure,
    alert.says,
    alert.toldAt,
    alert.toldMeasure,
  ]);
  if (rows.length > 0) yield* run(WRITE, shopId, JSON.stringify(rows));
  for (const { channel, body } of messages) {
    yield* run(
      `INSERT INTO "AlertMessage" ("shopId", "channel", "body", "createdAt", "runAt") VALUES (?1, ?2, ?3, ?4, ?4)`,
      shopId,
      channel,
      body,
      now,
    );
  }
}

/** A message on its way. */
export interface AlertMessageRow {
  id: number;
  shopId: number;
  channel: string;
  body: string;
  createdAt: number;
  /** This one counted. */
  tries: number;
}

// One after the other on each channel: what cannot leave keeps the next from being told before it.
const CLAIM: Sql = `
  UPDATE "AlertMessage" SET "runAt" = ?2, "tries" = "tries" + 1
  WHERE "id" IN (
    SELECT m."id" FROM "AlertMessage" AS m JOIN (
      SELECT min("id") AS "id" FROM "AlertMessage" WHERE "runAt" IS NOT NULL GROUP BY "shopId", "channel") AS f
      ON f."id" = m."id"
    WHERE m."runAt" <= ?1 ORDER BY m."runAt" LIMIT ?3) AND "runAt" <= ?1
  RETURNING "id", "shopId", "channel", "body", "createdAt", "tries"`;

/** Takes what is due, `limit` at the most; whoever is killed with one lets it fall due again at `until`. */
export function* claimAlertMessages(now: number, until: number, limit: number): Work<AlertMessageRow[]> {
  return yield* all<AlertMessageRow>(CLAIM, now, until, limit);
}

/** What became of a message. */
export interface AlertMessageEnd {
  id: number;
  shopId: number;
  channel: string;
  /** As it was claimed: who took too long over it has lost it. */
  tries: number;
  /** Null: it was not sent. */
  sentAt: number | null;
  /** When it is tried again; null: it is over. */
  runAt: number | null;
  fault: string | null;
}

/** Of those that are over, a channel keeps the last. */
export function* settleAlertMessage(end: AlertMessageEnd): Work<void> {
  const { id, shopId, channel, tries, sentAt, runAt, fault } = end;
  const changed = yield* run(
    `UPDATE "AlertMessage" SET "sentAt" = ?2, "runAt" = ?3, "fault" = ?4 WHERE "id" = ?1 AND "tries" = ?5`,
    id,
    sentAt,
    runAt,
    fault,
    tries,
  );
  if (changed === 0 || runAt !== null) return;
  yield* run(
    `DELETE FROM "AlertMessage" WHERE "shopId" = ?1 AND "channel" = ?2 AND "runAt" IS NULL AND "id" < ?3`,
    shopId,
    channel,
    id,
  );
}

/** How the events of a shop fared, as alerts count them. */
export interface Fared {
  rejected: number;
  expired: number;
  dead: number;
  accepted: number;
}

// As in the index, word for word.
const FAILED = `"outcome" IN ('rejected', 'expired', 'dead')`;
const FAILURES = `
  SELECT "outcome", count(*) AS "n" FROM "Event"
  WHERE "shopId" = ?1 AND "settledAt" >= ?2 AND ${FAILED} AND "name" <> '${TEST_EVENT}'
    AND coalesce("reason", '') <> 'browser_copy_stands'
  GROUP BY "outcome"`;
const ACCEPTED = `
  SELECT coalesce(sum("count"), 0) AS "n" FROM "Rollup"
  WHERE "shopId" = ?1 AND "dimension" = 'outcome' AND "bucket" >= ?2 AND "leg" = 'server' AND "value" = 'accepted'`;

/** Of the events that ended badly since then, and of those since then that Meta accepted. */
export function* faredSince(shopId: number, since: number): Work<Fared> {
  const failures = yield* all<{ outcome: string; n: number }>(FAILURES, shopId, since);
  const [accepted] = yield* all<{ n: number }>(ACCEPTED, shopId, since);
  const of = (outcome: string) => Number(failures.find((one) => one.outcome === outcome)?.n ?? 0);
  return { rejected: of("rejected"), expired: of("expired"), dead: of("dead"), accepted: Number(accepted?.n ?? 0) };
}

/** What waits for its turn and does not get it. */
export interface Stuck {
  events: number;
  /** When the first of them arrived; null: there is none. */
  since: number | null;
}

// What was tried waits for its next try, what was not has been due for a while. A person's replay leaves by a rate of its own.
const STUCK = `
  SELECT count(*) AS "events", min("receivedAt") AS "since" FROM (
    SELECT "receivedAt", "hold", "tries", "runAt", "replayedAt" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 ORDER BY "runAt" LIMIT ?4) AS w
  WHERE "hold" IS NULL AND "replayedAt" IS NULL AND ("tries" > 0 OR "runAt" <= ?3)`;

/** The longest that an event waits between two tries (app/outbox/schedule.ts), and a bit. */
const NEXT_TRY_MS = 3 * 3_600_000;
const LATE_MS = 2 * 60_000;

/** Looks at so many rows of the dataset at the most, those first that have been due for longest. */
export function* stuckOf(datasetId: number, now: number, limit: number): Work<Stuck> {
  const [row] = yield* all<{ events: number; since: number | null }>(
    STUCK,
    datasetId,
    now + NEXT_TRY_MS,
    now - LATE_MS,
    limit,
  );
  return { events: Number(row?.events ?? 0), since: row?.since == null ? null : Number(row.since) };
}
