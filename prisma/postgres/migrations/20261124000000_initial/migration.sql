-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMP(3),
    "accessToken" TEXT NOT NULL,
    "userId" BIGINT,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "accountOwner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "emailVerified" BOOLEAN DEFAULT false,
    "refreshToken" TEXT,
    "refreshTokenExpires" TIMESTAMP(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shop" (
    "id" SERIAL NOT NULL,
    "domain" TEXT NOT NULL,
    "beaconKey" TEXT NOT NULL,
    "dataKey" TEXT NOT NULL,
    "settings" TEXT NOT NULL,
    "country" TEXT,
    "primaryDomain" TEXT,
    "timezone" TEXT,
    "currency" TEXT,
    "currencies" TEXT,
    "taxesIncluded" BOOLEAN,
    "createdAt" BIGINT NOT NULL,
    "installedAt" BIGINT NOT NULL,
    "uninstalledAt" BIGINT,
    "webPixelId" TEXT,
    "webPixelSettings" TEXT,
    "webPixelAt" BIGINT,
    "webPixelFault" TEXT,

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dataset" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "dataset" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "testCode" TEXT,
    "testCodeAt" BIGINT,
    "connection" INTEGER NOT NULL DEFAULT 1,
    "tokenAt" BIGINT,
    "holdSeconds" INTEGER NOT NULL DEFAULT 60,
    "connectedAt" BIGINT NOT NULL,
    "heldReason" TEXT,
    "heldAt" BIGINT,
    "pausedUntil" BIGINT,
    "disconnectedAt" BIGINT,

    CONSTRAINT "Dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "purchaseOrderId" TEXT,
    "orderId" TEXT,
    "checkoutToken" TEXT,
    "customerKey" TEXT,
    "rule" TEXT,
    "topic" TEXT NOT NULL,
    "webhookId" TEXT,
    "actionSource" TEXT NOT NULL,
    "eventTime" BIGINT NOT NULL,
    "receivedAt" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "runAt" BIGINT,
    "hold" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "lease" TEXT,
    "reopened" BOOLEAN NOT NULL DEFAULT false,
    "facts" TEXT,
    "matchKeys" TEXT,
    "browser" TEXT,
    "consent" TEXT,
    "settledAt" BIGINT,
    "attemptId" INTEGER,
    "bytes" TEXT,
    "bytesHash" TEXT,
    "countedAs" TEXT,
    "countedSum" BIGINT,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

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

    CONSTRAINT "BrowserCopy_pkey" PRIMARY KEY ("datasetId","name","eventId")
);

-- CreateTable
CREATE TABLE "BrowserContext" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "browser" TEXT NOT NULL,
    "matchKeys" TEXT,
    "consent" TEXT,
    "beacon" BOOLEAN NOT NULL,
    "firstAt" BIGINT,
    "receivedAt" BIGINT NOT NULL,

    CONSTRAINT "BrowserContext_pkey" PRIMARY KEY ("id")
);

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

    CONSTRAINT "Product_pkey" PRIMARY KEY ("shopId","product")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "triggeredAt" BIGINT,
    "receivedAt" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "closedAt" BIGINT,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" SERIAL NOT NULL,
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "ms" INTEGER NOT NULL,
    "events" INTEGER NOT NULL,
    "status" INTEGER,
    "verdict" TEXT NOT NULL,
    "code" INTEGER,
    "subcode" INTEGER,
    "fbtraceId" TEXT,
    "answer" TEXT NOT NULL,
    "bytesHash" TEXT NOT NULL,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AttemptEvent" (
    "attemptId" INTEGER NOT NULL,
    "eventRowId" INTEGER NOT NULL,

    CONSTRAINT "AttemptEvent_pkey" PRIMARY KEY ("eventRowId","attemptId")
);

-- CreateTable
CREATE TABLE "Rollup" (
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "leg" TEXT NOT NULL,
    "bucket" BIGINT NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "sum" BIGINT NOT NULL,

    CONSTRAINT "Rollup_pkey" PRIMARY KEY ("shopId","dimension","bucket","datasetId","event","leg","value")
);

-- CreateTable
CREATE TABLE "ServerLease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" BIGINT NOT NULL,
    "startedAt" BIGINT NOT NULL,

    CONSTRAINT "ServerLease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "SettingsVersion" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "SettingsVersion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Session_shop_idx" ON "Session"("shop");

-- CreateIndex
CREATE UNIQUE INDEX "Shop_domain_key" ON "Shop"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "Shop_beaconKey_key" ON "Shop"("beaconKey");

-- CreateIndex
CREATE UNIQUE INDEX "Dataset_shopId_dataset_key" ON "Dataset"("shopId", "dataset");

-- CreateIndex
CREATE INDEX "Event_datasetId_outcome_runAt_idx" ON "Event"("datasetId", "outcome", "runAt");

-- CreateIndex
CREATE INDEX "Event_shopId_checkoutToken_idx" ON "Event"("shopId", "checkoutToken");

-- CreateIndex
CREATE INDEX "Event_shopId_orderId_idx" ON "Event"("shopId", "orderId");

-- CreateIndex
CREATE INDEX "Event_shopId_customerKey_idx" ON "Event"("shopId", "customerKey");

-- CreateIndex
CREATE INDEX "Event_shopId_eventId_idx" ON "Event"("shopId", "eventId");

-- CreateIndex
CREATE INDEX "Event_shopId_outcome_id_idx" ON "Event"("shopId", "outcome", "id");

-- CreateIndex
CREATE INDEX "Event_shopId_id_idx" ON "Event"("shopId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Event_shopId_datasetId_name_eventId_key" ON "Event"("shopId", "datasetId", "name", "eventId");

-- CreateIndex
CREATE UNIQUE INDEX "Event_datasetId_purchaseOrderId_key" ON "Event"("datasetId", "purchaseOrderId");

-- CreateIndex
CREATE INDEX "BrowserCopy_uncounted_datasetId_idx" ON "BrowserCopy"("uncounted", "datasetId");

-- CreateIndex
CREATE INDEX "BrowserContext_receivedAt_idx" ON "BrowserContext"("receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "BrowserContext_shopId_key_key" ON "BrowserContext"("shopId", "key");

-- CreateIndex
CREATE INDEX "Notice_topic_closedAt_idx" ON "Notice"("topic", "closedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_shopId_webhookId_key" ON "Notice"("shopId", "webhookId");

-- CreateIndex
CREATE INDEX "Attempt_datasetId_at_idx" ON "Attempt"("datasetId", "at");

-- AddForeignKey
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- The one row that everybody bumps.
INSERT INTO "SettingsVersion" ("id", "n") VALUES (1, 1);
