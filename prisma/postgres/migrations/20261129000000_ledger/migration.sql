-- What became of every order: one line that counts for each dataset, chained (docs/ledger.md).
ALTER TABLE "Event" ADD COLUMN "ledgered" TEXT;

-- Orders that came before there was a ledger are told of too.
UPDATE "Event" SET "ledgered" = '' WHERE "purchaseOrderId" IS NOT NULL;

CREATE TABLE "LedgerLine" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "sealedAt" BIGINT NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "eventRowId" INTEGER NOT NULL,
    "current" BOOLEAN NOT NULL,
    "event" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "until" BIGINT,
    "browser" TEXT NOT NULL,
    "lagMs" BIGINT,
    "salt" TEXT,
    "order" TEXT,
    "eventId" TEXT,
    "createdAt" BIGINT,
    "value" TEXT,
    "currency" TEXT,
    "shopValue" TEXT,
    "shopCurrency" TEXT,
    "fbtraceId" TEXT,
    "answeredAt" BIGINT,
    "bytesHash" TEXT,
    "commitment" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "bucket" BIGINT NOT NULL,
    "sum" BIGINT NOT NULL,

    CONSTRAINT "LedgerLine_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "LedgerHead" (
    "shopId" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "checkpointN" INTEGER NOT NULL,
    "checkpointHash" TEXT NOT NULL,

    CONSTRAINT "LedgerHead_pkey" PRIMARY KEY ("shopId")
);

-- An order's own row that the ledger does not tell of as it is. The condition is spelled as in app/store/verbs/ledger.ts.
CREATE INDEX "Event_shopId_id_untold_idx" ON "Event"("shopId", "id")
  WHERE "ledgered" IS NOT NULL
    AND "ledgered" <> ("outcome" || '/' || coalesce("reason", '') || '/' || CAST(coalesce("settledAt", 0) AS TEXT))
    AND ("outcome" = 'waiting' OR "settledAt" IS NOT NULL);

CREATE UNIQUE INDEX "LedgerLine_shopId_n_key" ON "LedgerLine"("shopId", "n");
CREATE INDEX "LedgerLine_eventRowId_idx" ON "LedgerLine"("eventRowId");
CREATE INDEX "LedgerLine_shopId_order_idx" ON "LedgerLine"("shopId", "order") WHERE "order" IS NOT NULL;
-- One order, one line that counts, for each dataset.
CREATE UNIQUE INDEX "LedgerLine_datasetId_order_current_key" ON "LedgerLine"("datasetId", "order") WHERE "current";
-- What a page lists, newest first. What it may be narrowed by is in the index, so that only the lines of the page are read.
CREATE INDEX "LedgerLine_shopId_bucket_current_idx"
  ON "LedgerLine"("shopId", "bucket", "id", "outcome", "source", "reason", "datasetId") WHERE "current";
