-- AlterTable
ALTER TABLE "Shop" ADD COLUMN "timezone" TEXT;
ALTER TABLE "Shop" ADD COLUMN "webPixelAt" BIGINT;
ALTER TABLE "Shop" ADD COLUMN "webPixelFault" TEXT;
ALTER TABLE "Shop" ADD COLUMN "webPixelId" TEXT;
ALTER TABLE "Shop" ADD COLUMN "webPixelSettings" TEXT;

-- AlterTable
ALTER TABLE "Dataset" ADD COLUMN "testCodeAt" BIGINT;
ALTER TABLE "Dataset" ADD COLUMN "tokenAt" BIGINT;

-- CreateTable
CREATE TABLE "BrowserCopy" (
    "datasetId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "shopId" INTEGER NOT NULL,
    "tr" TEXT NOT NULL,
    "receivedAt" BIGINT NOT NULL,
    "countedAs" TEXT,
    "uncounted" BOOLEAN NOT NULL DEFAULT true,

    PRIMARY KEY ("datasetId", "name", "eventId")
);

-- CreateIndex
CREATE INDEX "BrowserCopy_uncounted_datasetId_idx" ON "BrowserCopy"("uncounted", "datasetId");

-- CreateIndex
CREATE INDEX "Event_shopId_orderId_idx" ON "Event"("shopId", "orderId");

-- CreateIndex
CREATE INDEX "Event_shopId_eventId_idx" ON "Event"("shopId", "eventId");

-- CreateIndex
CREATE INDEX "Event_shopId_outcome_id_idx" ON "Event"("shopId", "outcome", "id");

-- CreateIndex
CREATE INDEX "Event_shopId_id_idx" ON "Event"("shopId", "id");

