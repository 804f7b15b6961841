import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { numbered, openOutbox, writeOf } from "./support/outbox";

const POISON = `
  CREATE TRIGGER "poison" BEFORE INSERT ON "Event" WHEN NEW."orderId" = '6660013'
  BEGIN SELECT RAISE(ABORT, 'the database refuses this one'); END`;

describe("one row that the database refuses", () => {
  it("among 256 concurrent webhooks costs only itself", async () => {
    const pipeline = await testPipeline();
    await pipeline.db.$executeRawUnsafe(POISON);

    const answers = await Promise.allSettled(
      Array.from({ length: 256 }, (_, n) =>
        pipeline.webhook(
          "orders/create",
          order({ id: 6660000 + n, checkoutToken: `token${String(n).padStart(27, "0")}` }),
        ),
      ),
    );

    expect(answers.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([13]);
    const stored = (await pipeline.events()).map(({ orderId }) => Number(orderId) - 6660000);
    expect(stored.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, n) => n).filter((n) => n !== 13));
  });

  it("takes the rest of its own write with it: a webhook is stored whole or not at all", async () => {
    const { store, reader, context, purchase, rows } = await openOutbox();
    reader.exec(POISON);
    const mixed = writeOf({
      contexts: [context()],
      events: [purchase(numbered(1)), purchase({ ...numbered(6660013) })],
    });
    const neighbour = writeOf({ events: [purchase(numbered(2))] });

    const [refused, stored] = await Promise.allSettled([store.ingest(mixed), store.ingest(neighbour)]);

    expect([refused.status, stored.status]).toEqual(["rejected", "fulfilled"]);
    expect(rows().map(({ orderId }) => orderId)).toEqual(["2"]);
    expect(reader.all(`SELECT * FROM "BrowserContext"`)).toEqual([]);
  });

  it("does not let go a neighbour that waits for what the refused write would have told", async () => {
    const { store, reader, context, purchase, rows } = await openOutbox();
    reader.exec(POISON);
    const refused = store.ingest(writeOf({ contexts: [context()], events: [purchase(numbered(6660013))] }));
    const held = store.ingest(
      writeOf({ events: [purchase({ hold: "browser_context", runAt: Number.MAX_SAFE_INTEGER })] }),
    );

    await expect(refused).rejects.toThrow("refuses this one");
    await held;
    expect(rows().map(({ hold }) => hold)).toEqual(["browser_context"]);
  });
});
