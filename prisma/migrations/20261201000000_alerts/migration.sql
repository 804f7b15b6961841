CREATE TABLE "Alert" (
    "shopId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "openedAt" BIGINT NOT NULL,
    "seenAt" BIGINT NOT NULL,
    "closedAt" BIGINT,
    "measure" INTEGER NOT NULL,
    "says" TEXT NOT NULL,
    "toldAt" BIGINT NOT NULL,
    "toldMeasure" INTEGER NOT NULL,

    PRIMARY KEY ("shopId", "kind", "subject")
);

CREATE TABLE "AlertMessage" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "shopId" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "runAt" BIGINT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "sentAt" BIGINT,
    "fault" TEXT
);
CREATE INDEX "AlertMessage_shopId_channel_idx" ON "AlertMessage"("shopId", "channel");
-- What is on its way.
CREATE INDEX "AlertMessage_runAt_idx" ON "AlertMessage"("runAt") WHERE "runAt" IS NOT NULL;

ALTER TABLE "Event" ADD COLUMN "replayedAt" BIGINT;

-- What a person has brought back and has not left yet: the rate at which it leaves goes by it.
CREATE INDEX "Event_shopId_runAt_replayed_idx" ON "Event"("shopId", "runAt")
  WHERE "replayedAt" IS NOT NULL AND "outcome" = 'waiting';
-- What ended badly, by when: few rows, looked at each minute.
CREATE INDEX "Event_shopId_settledAt_failed_idx" ON "Event"("shopId", "settledAt")
  WHERE "outcome" IN ('rejected', 'expired', 'dead');
