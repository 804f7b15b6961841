-- DropIndex
DROP INDEX "BrowserCopy_uncounted_datasetId_idx";

-- AlterTable
ALTER TABLE "Event" ADD COLUMN     "forgotten" TEXT;

-- CreateIndex
CREATE INDEX "Event_datasetId_lease_runAt_idx" ON "Event"("datasetId", "lease", "runAt");

-- CreateIndex
CREATE INDEX "Event_forgotten_settledAt_idx" ON "Event"("forgotten", "settledAt");

-- CreateIndex
CREATE INDEX "BrowserCopy_uncounted_datasetId_receivedAt_idx" ON "BrowserCopy"("uncounted", "datasetId", "receivedAt");

