import { all, type Work } from "../statement";
import { ENDED } from "./claim";

const DUE = `
  SELECT d."id" FROM "Dataset" d JOIN "Shop" s ON s."id" = d."shopId"
  WHERE CASE
      WHEN d."disconnectedAt" IS NOT NULL OR s."uninstalledAt" IS NOT NULL THEN
        EXISTS (SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting')
      WHEN d."heldReason" IS NULL AND coalesce(d."pausedUntil", 0) <= ?1 THEN
        EXISTS (SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting' AND e."runAt" <= ?1)
      ELSE false END
    OR EXISTS (
      SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" IN ${ENDED} AND e."runAt" <= ?1)
    OR EXISTS (SELECT 1 FROM "BrowserCopy" b WHERE b."uncounted" = true AND b."datasetId" = d."id")`;

/** The datasets that have something for the drain: a few index seeks each. */
export function* dueDatasets(now: number): Work<number[]> {
  return (yield* all<{ id: number }>(DUE, now)).map(({ id }) => id);
}
