import type { TrReport } from "../../events/browser-copy";
import type { Outcome } from "../../events/outcome";
import { all, type Sql, type Work } from "../statement";

/** An event of a dataset with both of its copies, as far as there are any. Epoch milliseconds. */
export interface SentCopies {
  name: string;
  eventId: string;
  /** Its row in the outbox; null, as what follows: it has none. */
  id: number | null;
  outcome: Outcome | null;
  reason: string | null;
  /** Sealed: as it was sent; null: it was not, or is under way. */
  bytes: string | null;
  /** When its last request began; null, as what follows: there was none. */
  sentAt: number | null;
  /** HTTP status; null too where no answer came. */
  status: number | null;
  /** Sealed: what Meta answered. */
  answer: string | null;
  /** The browser's copy; null: the pixel said nothing of one. */
  tr: TrReport | null;
  toldAt: number | null;
}

/** How much is looked at, at the most: it costs the same however many events there are. */
export interface SentBounds {
  /** Of the shop's events, those that arrived last; an attempt does not say whom it was of. */
  events: number;
  /** Answered of each leg, those first that left last. */
  lines: number;
}

const COPIES = `
  e."id", e."outcome", e."reason", e."bytes", a."at" AS "sentAt", a."status", a."answer"`;

// The limit of the innermost query is what bounds it; what is large is read of the few that are answered. When each was sent
// is looked up one by one: joined, PostgreSQL would read all attempts of a small table for a thousand of them.
const SERVER: Sql = ({ keyByKey }) => `
  SELECT e."name", e."eventId", ${COPIES}, b."tr", b."receivedAt" AS "toldAt"
  FROM (
    SELECT timed."id", timed."attemptId"
    FROM (
      SELECT latest."id", latest."attemptId",
        (SELECT a."at" FROM "Attempt" AS a WHERE a."id" = latest."attemptId") AS "at"
      FROM (
        SELECT "id", "datasetId", "attemptId" FROM "Event" WHERE "shopId" = ?1 ORDER BY "id" DESC LIMIT ?4) AS latest
      WHERE latest."datasetId" = ?2) AS timed
    WHERE timed."at" >= ?3 ORDER BY timed."at" DESC, timed."id" DESC LIMIT ?5) AS sent
  ${keyByKey} "Event" AS e ON e."id" = sent."id"
  ${keyByKey} "Attempt" AS a ON a."id" = sent."attemptId"
  LEFT JOIN "BrowserCopy" AS b ON b."datasetId" = ?2 AND b."name" = e."name" AND b."eventId" = e."eventId"`;

const BROWSER = `
  SELECT told."name", told."eventId", ${COPIES}, told."tr", told."receivedAt" AS "toldAt"
  FROM (
    SELECT "name", "eventId", "tr", "receivedAt" FROM "BrowserCopy"
    WHERE "datasetId" = ?2 AND "receivedAt" >= ?3 ORDER BY "receivedAt" DESC LIMIT ?4) AS told
  LEFT JOIN "Event" AS e
    ON e."shopId" = ?1 AND e."eventId" = told."eventId" AND e."name" = told."name" AND e."datasetId" = ?2
  LEFT JOIN "Attempt" AS a ON a."id" = e."attemptId"`;

/** What left for a dataset since then, from the server or from a browser; an event of which both copies did comes twice. */
export function* sentSince(
  { shopId, datasetId, since }: { shopId: number; datasetId: number; since: number },
  { events, lines }: SentBounds,
): Work<SentCopies[]> {
  const byServer = yield* all<SentCopies>(SERVER, shopId, datasetId, since, events, lines);
  const byBrowser = yield* all<SentCopies>(BROWSER, shopId, datasetId, since, lines);
  return [...byServer, ...byBrowser];
}
