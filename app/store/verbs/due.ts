import { all, type Sql, type Work } from "../statement";
import { ENDED } from "./claim";

/** A dataset with events that may leave. Epoch milliseconds. */
export interface DueDataset {
  id: number;
  /** Since when the oldest of them might have left. */
  since: number;
  /** When they should, at the latest; now or before it where they fill a request. */
  leavesAt: number;
}

/** How long what may leave waits for others to travel with; see app/outbox/freshness.ts. Milliseconds. */
export interface Freshness {
  /** Names of the events that wait for `patientMs`; the others wait for `ms`. */
  patient: readonly string[];
  patientMs: number;
  ms: number;
  /** As many as fill a request. */
  full: number;
}

const FLOWS = `d."disconnectedAt" IS NULL AND s."uninstalledAt" IS NULL AND d."heldReason" IS NULL
  AND coalesce(d."pausedUntil", 0) <= ?1`;

// What is under a lease that has run out may leave once it is taken back: at once, where nothing else is due.
// Of a dataset that nothing is sent to any more all that waits is ended, due or not. Who has set a test code is looking.
const DUE: Sql = ({ values }) => `
  SELECT "id", "since", coalesce("leavesAt", ?1) AS "leavesAt" FROM (
    SELECT d."id",
      coalesce(
        (SELECT min(e."runAt") FROM "Event" AS e
          WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting' AND e."runAt" <= ?1 AND e."lease" IS NULL),
        (SELECT min(e."runAt") FROM "Event" AS e
          WHERE e."datasetId" = d."id" AND e."lease" IS NOT NULL AND e."runAt" <= ?6)) AS "since",
      CASE WHEN d."testCode" IS NOT NULL THEN ?1 ELSE (
        SELECT CASE WHEN count(*) >= ?2 THEN ?1 ELSE min(w."leavesAt") END FROM (
          SELECT e."runAt" + CASE WHEN e."name" IN ${values("?3", "text")} THEN ?4 ELSE ?5 END AS "leavesAt"
          FROM "Event" AS e
          WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting' AND e."runAt" <= ?1 AND e."lease" IS NULL
          ORDER BY e."runAt" LIMIT ?2) AS w) END AS "leavesAt"
    FROM "Dataset" AS d JOIN "Shop" AS s ON s."id" = d."shopId" WHERE ${FLOWS}) AS "flowing"
  WHERE "since" IS NOT NULL
  UNION ALL
  SELECT d."id", ?1, ?1 FROM "Dataset" AS d JOIN "Shop" AS s ON s."id" = d."shopId"
  WHERE (d."disconnectedAt" IS NOT NULL OR s."uninstalledAt" IS NOT NULL)
    AND EXISTS (
      SELECT 1 FROM "Event" AS e WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting' AND e."runAt" IS NOT NULL)`;

/**
 * The datasets that something may leave for; looks at no more rows of each than fill a request. `leaseNow`: the time by the
 * clock that leases are counted in.
 */
export function* dueDatasets(
  now: number,
  leaseNow: number,
  { patient, patientMs, ms, full }: Freshness,
): Work<DueDataset[]> {
  return yield* all<DueDataset>(DUE, now, full, JSON.stringify(patient), patientMs, ms, leaseNow);
}

// One row of each is looked for: of an EXISTS, PostgreSQL would walk through all there is to make a list of datasets.
const UNCOUNTED = `
  SELECT d."id" FROM "Dataset" AS d
  WHERE (SELECT 1 FROM "CopiesToCount" AS c WHERE c."datasetId" = d."id" LIMIT 1) = 1
    OR (SELECT 1 FROM "Event" AS e
      WHERE e."datasetId" = d."id" AND e."outcome" IN ${ENDED} AND e."runAt" <= ?1 LIMIT 1) = 1`;

/** The datasets of which something has ended, or was reported, that is still to be counted or to be forgotten. */
export function* uncountedDatasets(now: number): Work<number[]> {
  return (yield* all<{ id: number }>(UNCOUNTED, now)).map(({ id }) => id);
}
