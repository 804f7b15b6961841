-- Every claim and every ending of an event writes its row anew, into each index that the row is in: an index holds only the
-- rows that somebody looks for in it.

-- What has something to come. Nearly all that has ended has nothing, and leaves it.
DROP INDEX "Event_datasetId_outcome_runAt_idx";
CREATE INDEX "Event_datasetId_outcome_runAt_idx" ON "Event"("datasetId", "outcome", "runAt") WHERE "runAt" IS NOT NULL;

-- What is under a lease.
DROP INDEX "Event_datasetId_lease_runAt_idx";
CREATE INDEX "Event_datasetId_runAt_leased_idx" ON "Event"("datasetId", "runAt") WHERE "lease" IS NOT NULL;

DROP INDEX "Event_forgotten_settledAt_idx";
CREATE INDEX "Event_forgotten_settledAt_idx" ON "Event"("forgotten", "settledAt") WHERE "settledAt" IS NOT NULL;

-- Pages know of no checkout, order or customer.
DROP INDEX "Event_datasetId_purchaseOrderId_key";
CREATE UNIQUE INDEX "Event_datasetId_purchaseOrderId_key" ON "Event"("datasetId", "purchaseOrderId")
  WHERE "purchaseOrderId" IS NOT NULL;
DROP INDEX "Event_shopId_checkoutToken_idx";
CREATE INDEX "Event_shopId_checkoutToken_idx" ON "Event"("shopId", "checkoutToken") WHERE "checkoutToken" IS NOT NULL;
DROP INDEX "Event_shopId_orderId_idx";
CREATE INDEX "Event_shopId_orderId_idx" ON "Event"("shopId", "orderId") WHERE "orderId" IS NOT NULL;
DROP INDEX "Event_shopId_customerKey_idx";
CREATE INDEX "Event_shopId_customerKey_idx" ON "Event"("shopId", "customerKey") WHERE "customerKey" IS NOT NULL;

-- One index finds an event by its id and keeps it from being there twice.
DROP INDEX "Event_shopId_datasetId_name_eventId_key";
CREATE UNIQUE INDEX "Event_shopId_eventId_name_datasetId_key" ON "Event"("shopId", "eventId", "name", "datasetId");
DROP INDEX "Event_shopId_eventId_idx";
CREATE INDEX "Event_datasetId_eventTime_registrations_idx" ON "Event"("datasetId", "eventTime")
  WHERE "name" = 'CompleteRegistration';
