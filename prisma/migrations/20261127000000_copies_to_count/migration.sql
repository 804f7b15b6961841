-- What was still to be counted was marked in its own row, which was written anew for it: into two indexes, for each page
-- view. It stands in a list of its own now, a row for a group of beacons.
CREATE TABLE "CopiesToCount" (
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "copies" TEXT NOT NULL
);
CREATE INDEX "CopiesToCount_datasetId_idx" ON "CopiesToCount"("datasetId");

-- First: on PostgreSQL nobody writes to the table from here on until all of this is done.
DROP INDEX "BrowserCopy_uncounted_datasetId_receivedAt_idx";
INSERT INTO "CopiesToCount" ("shopId", "datasetId", "copies")
SELECT "shopId", "datasetId", json_array(json_array("name", "tr", "countedAs", "receivedAt"))
FROM "BrowserCopy" WHERE "uncounted" = true;

ALTER TABLE "BrowserCopy" DROP COLUMN "countedAs";
ALTER TABLE "BrowserCopy" DROP COLUMN "uncounted";
ALTER TABLE "BrowserCopy" ADD COLUMN "corrected" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "BrowserCopy_datasetId_receivedAt_idx" ON "BrowserCopy"("datasetId", "receivedAt");
