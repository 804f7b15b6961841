import { run, type Sql, type Work } from "../statement";

// Only what is leased is looked at, however much waits.
const RECLAIM: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "lease" = NULL, "runAt" = CASE WHEN "runAt" < ?3 THEN "runAt" ELSE ?3 END
  WHERE "id" IN (
    SELECT "id" FROM "Event" WHERE "datasetId" = ?1 AND "lease" IS NOT NULL AND "runAt" <= ?2 ${skipLocked})`;

/**
 * Takes back what is under a lease that has run out: its holder was killed, or is too slow, and will find its settling lost.
 * The rows are due at `now`, and their claim stays counted. `leaseNow`: the time by the clock that leases are counted in.
 * Answers how many it was.
 */
export function* reclaim(datasetId: number, leaseNow: number, now: number): Work<number> {
  return yield* run(RECLAIM, datasetId, leaseNow, now);
}
