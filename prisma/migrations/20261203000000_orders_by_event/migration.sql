-- Orders are looked through by event as well: all that they may be narrowed by is in the index.
DROP INDEX "LedgerLine_shopId_bucket_current_idx";
CREATE INDEX "LedgerLine_shopId_bucket_current_idx"
  ON "LedgerLine"("shopId", "bucket", "id", "outcome", "source", "reason", "datasetId", "event") WHERE "current";
