-- AlterTable
ALTER TABLE "Notice" ADD COLUMN "receipt" TEXT;
ALTER TABLE "Notice" ADD COLUMN "sweptAt" BIGINT;

-- A request that was acted on names nobody any more.
UPDATE "Notice" SET "body" = '' WHERE "closedAt" IS NOT NULL;

-- Counts are forgotten by their age.
CREATE INDEX "Rollup_bucket_idx" ON "Rollup"("bucket");
