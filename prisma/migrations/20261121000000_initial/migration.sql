-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" DATETIME,
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
    "refreshTokenExpires" DATETIME
);

-- CreateTable
CREATE TABLE "Shop" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "domain" TEXT NOT NULL,
    "beaconKey" TEXT NOT NULL,
    "dataKey" TEXT NOT NULL,
    "settings" TEXT NOT NULL,
    "country" TEXT,
    "primaryDomain" TEXT,
    "createdAt" BIGINT NOT NULL,
    "installedAt" BIGINT NOT NULL,
    "uninstalledAt" BIGINT
);

-- CreateTable
CREATE TABLE "Dataset" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "shopId" INTEGER NOT NULL,
    "dataset" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "testCode" TEXT,
    "connection" INTEGER NOT NULL DEFAULT 1,
    "holdSeconds" INTEGER NOT NULL DEFAULT 60,
    "connectedAt" BIGINT NOT NULL,
    "heldReason" TEXT,
    "heldAt" BIGINT,
    "pausedUntil" BIGINT,
    "disconnectedAt" BIGINT,
    CONSTRAINT "Dataset_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Event" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "purchaseOrderId" TEXT,
    "orderId" TEXT,
    "checkoutToken" TEXT,
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
    "countedSum" BIGINT
);

-- CreateTable
CREATE TABLE "BrowserContext" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "shopId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "browser" TEXT NOT NULL,
    "matchKeys" TEXT,
    "consent" TEXT,
    "beacon" BOOLEAN NOT NULL,
    "receivedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "shopId" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "triggeredAt" BIGINT,
    "receivedAt" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "closedAt" BIGINT
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
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
    "bytesHash" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "AttemptEvent" (
    "attemptId" INTEGER NOT NULL,
    "eventRowId" INTEGER NOT NULL,

    PRIMARY KEY ("eventRowId", "attemptId")
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

    PRIMARY KEY ("shopId", "dimension", "bucket", "datasetId", "event", "leg", "value")
);

-- CreateTable
CREATE TABLE "ServerLease" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "holder" TEXT NOT NULL,
    "until" BIGINT NOT NULL,
    "startedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "SettingsVersion" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "n" INTEGER NOT NULL
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
CREATE UNIQUE INDEX "Event_shopId_datasetId_name_eventId_key" ON "Event"("shopId", "datasetId", "name", "eventId");

-- CreateIndex
CREATE UNIQUE INDEX "Event_datasetId_purchaseOrderId_key" ON "Event"("datasetId", "purchaseOrderId");

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


-- The one row that processes poll.
INSERT INTO "SettingsVersion" ("id", "n") VALUES (1, 1);
