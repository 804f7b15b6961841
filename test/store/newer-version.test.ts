import { expect, it } from "vitest";
import { openDatabase } from "~/db.server";
import { DAY } from "../support/clock";
import { prismaUrl } from "../support/database";
import { openOutbox } from "./support/outbox";

it("a column that a newer version adds does not stop the processes of the older one", async () => {
  const { path, store, datasetId, ingest, claim, purchase } = await openOutbox();
  await ingest(purchase({ eventId: "purchase.a" }));
  // More often than a connection looks before it settles on a plan.
  for (let times = 0; times < 10; times += 1)
    await store.claimEnded({ datasetId, now: 0, limit: 1, lease: "e", leaseUntil: 1 });
  expect(await claim("before", DAY + 1_000)).toHaveLength(1);
  const db = openDatabase(prismaUrl(path));
  await db.$executeRawUnsafe(`ALTER TABLE "Event" ADD COLUMN "newer" TEXT`);
  await db.$disconnect();

  await ingest(purchase({ eventId: "purchase.b", purchaseOrderId: "2", orderId: "2" }));
  expect((await claim("after", DAY + 1_000)).map(({ eventId }) => eventId)).toEqual(["purchase.b"]);
});
