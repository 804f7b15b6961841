-- Which match keys left, by day, and where each came from.
ALTER TABLE "Event" ADD COLUMN "keyAccount" TEXT;
ALTER TABLE "BrowserCopy" ADD COLUMN "twinned" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "Coverage" (
    "shopId" INTEGER NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "dimension" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "leg" TEXT NOT NULL,
    "day" BIGINT NOT NULL,
    "value" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "twins" INTEGER NOT NULL,
    "em" INTEGER NOT NULL,
    "ph" INTEGER NOT NULL,
    "fn" INTEGER NOT NULL,
    "ln" INTEGER NOT NULL,
    "ge" INTEGER NOT NULL,
    "db" INTEGER NOT NULL,
    "ct" INTEGER NOT NULL,
    "st" INTEGER NOT NULL,
    "zp" INTEGER NOT NULL,
    "country" INTEGER NOT NULL,
    "external_id" INTEGER NOT NULL,
    "client_ip_address" INTEGER NOT NULL,
    "client_user_agent" INTEGER NOT NULL,
    "fbc" INTEGER NOT NULL,
    "fbp" INTEGER NOT NULL,

    PRIMARY KEY ("shopId", "datasetId", "dimension", "event", "leg", "day", "value")
);
CREATE INDEX "Coverage_day_idx" ON "Coverage"("day");
