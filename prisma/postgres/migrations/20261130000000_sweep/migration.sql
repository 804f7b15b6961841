-- The last order sweep of a shop, and who is at one.
CREATE TABLE "OrderSweep" (
    "shopId" INTEGER NOT NULL,
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
    "wholeAt" BIGINT,

    CONSTRAINT "OrderSweep_pkey" PRIMARY KEY ("shopId")
);
