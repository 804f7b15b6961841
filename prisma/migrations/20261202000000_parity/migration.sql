-- What the browser's copy told Meta of value, currency and goods, so that both copies can be compared.
ALTER TABLE "BrowserCopy" ADD COLUMN "told" TEXT;

-- What Meta says of a dataset with and without our partner_agent: who else sends to it.
CREATE TABLE "DatasetQuality" (
    "datasetId" INTEGER NOT NULL PRIMARY KEY,
    "overall" TEXT NOT NULL,
    "ours" TEXT NOT NULL,
    "firstAt" BIGINT NOT NULL,
    "askedAt" BIGINT NOT NULL
);
