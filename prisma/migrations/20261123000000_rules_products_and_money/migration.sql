-- AlterTable
ALTER TABLE "Shop" ADD COLUMN "currencies" TEXT;
ALTER TABLE "Shop" ADD COLUMN "currency" TEXT;
ALTER TABLE "Shop" ADD COLUMN "taxesIncluded" BOOLEAN;

-- AlterTable
ALTER TABLE "Event" ADD COLUMN "customerKey" TEXT;
ALTER TABLE "Event" ADD COLUMN "rule" TEXT;

-- AlterTable
ALTER TABLE "BrowserContext" ADD COLUMN "firstAt" BIGINT;

-- CreateTable
CREATE TABLE "Product" (
    "shopId" INTEGER NOT NULL,
    "product" TEXT NOT NULL,
    "type" TEXT,
    "vendor" TEXT,
    "tags" TEXT,
    "collections" TEXT,
    "receivedAt" BIGINT NOT NULL,
    "askedAt" BIGINT,

    PRIMARY KEY ("shopId", "product")
);

-- CreateIndex
CREATE INDEX "Event_shopId_customerKey_idx" ON "Event"("shopId", "customerKey");

