-- What Meta says of the quality of events as it says it, beside what tells senders apart, and why it did not say.
ALTER TABLE "DatasetQuality" ADD COLUMN "answeredAt" BIGINT;
ALTER TABLE "DatasetQuality" ADD COLUMN "fault" TEXT;
ALTER TABLE "DatasetQuality" ADD COLUMN "faultCode" INTEGER;
ALTER TABLE "DatasetQuality" ADD COLUMN "faultSubcode" INTEGER;
ALTER TABLE "DatasetQuality" ADD COLUMN "faultAt" BIGINT;

CREATE TABLE "QualityReading" (
    "id" SERIAL NOT NULL,
    "datasetId" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "reading" TEXT NOT NULL,

    CONSTRAINT "QualityReading_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "QualityReading_datasetId_at_idx" ON "QualityReading"("datasetId", "at");
CREATE INDEX "QualityReading_at_idx" ON "QualityReading"("at");
