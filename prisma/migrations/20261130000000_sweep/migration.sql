-- The last order sweep of a shop, and who is at one.
CREATE TABLE "OrderSweep" (
    "shopId" INTEGER NOT NULL PRIMARY KEY,
    "lease" TEXT,
    "leaseUntil" BIGINT,
    "startedAt" BIGINT,
    "endedAt" BIGINT,
    "since" BIGINT,
    "until" BIGINT,
    "seen" INTEGER,
    "missing" INTEGER,
    "unreadable" INTEGER,
    "fault" TEXT,
    "wholeAt" BIGINT
);

-- What only the sweep told of: few rows, counted for alerts.
CREATE INDEX "Event_shopId_receivedAt_swept_idx" ON "Event"("shopId", "receivedAt") WHERE "topic" = 'sweep';
