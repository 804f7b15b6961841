import { describe, expect, it } from "vitest";
import { DAY } from "../support/clock";
import { numbered, type Outbox, openOutbox } from "./support/outbox";

const HOUR = 3_600_000;

function connectAgain({ store, shopId }: Outbox, now: number): Promise<void> {
  const fresh = { token: "sealed anew", testCode: null, holdSeconds: null, connectedAt: now };
  return store.connectDataset({ shopId, dataset: "1234567890", ...fresh });
}

describe("a dataset with a new token", () => {
  it("is no longer on hold, and what waited for a dead token is due at once", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, store, reader, rows, datasetId } = outbox;
    await ingest(purchase({ runAt: DAY + 2 * HOUR }));
    await store.holdDataset(datasetId, "meta_190", DAY);
    await store.pauseDataset(datasetId, DAY + HOUR);
    await connectAgain(outbox, DAY + 1_000);
    expect(rows()).toMatchObject([{ runAt: DAY + 1_000 }]);
    expect(reader.all(`SELECT * FROM "Dataset"`)).toMatchObject([
      { token: "sealed anew", heldReason: null, heldAt: null, pausedUntil: null, holdSeconds: 60, connectedAt: DAY },
    ]);
  });

  it("still waits on purpose where it waited on purpose, and leaves alone what is on its way", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, claim, rows } = outbox;
    await ingest(purchase({ ...numbered(1), hold: "browser_context", runAt: DAY + HOUR }), purchase(numbered(2)));
    await claim("mine");
    await connectAgain(outbox, DAY + 1_000);
    expect(rows()).toMatchObject([
      { hold: "browser_context", runAt: DAY + HOUR },
      { lease: "mine", runAt: DAY + 45_000 },
    ]);
  });

  it("sends nothing before its date: an event dated ahead waits on", async () => {
    const outbox = await openOutbox();
    const ahead = DAY + 600_000;
    await outbox.ingest(outbox.purchase({ eventTime: ahead, runAt: ahead }));
    await connectAgain(outbox, DAY + 1_000);
    expect(outbox.rows()).toMatchObject([{ runAt: ahead }]);
  });
});

describe("a dataset that is disconnected", () => {
  it("ends what waits as withheld, to be counted, and leaves what is on its way to its own ending", async () => {
    const { ingest, purchase, claim, store, shopId, rows } = await openOutbox();
    await ingest(purchase(numbered(1)));
    await claim("mine");
    await ingest(purchase({ ...numbered(2), hold: "browser_context", runAt: DAY + HOUR }));
    expect(await store.disconnectDatasets(shopId, null, DAY + 10)).toBe(1);
    expect(rows()).toMatchObject([
      { outcome: "waiting", lease: "mine" },
      { outcome: "withheld", reason: "disconnected", hold: null, runAt: DAY + 10 },
    ]);
  });

  it("is disconnected once", async () => {
    const { store, shopId } = await openOutbox();
    expect(await store.disconnectDatasets(shopId, "1234567890", DAY)).toBe(1);
    expect(await store.disconnectDatasets(shopId, "1234567890", DAY)).toBe(0);
    expect(await store.disconnectDatasets(shopId, "5550000", DAY)).toBe(0);
  });
});

describe("the first reason of a hold", () => {
  it("stands: what follows from it does not hide it", async () => {
    const { store, reader, datasetId } = await openOutbox();
    await store.holdDataset(datasetId, "meta_190", DAY);
    await store.holdDataset(datasetId, "meta_200", DAY + 1);
    expect(reader.all(`SELECT "heldReason", "heldAt" FROM "Dataset"`)).toMatchObject([
      { heldReason: "meta_190", heldAt: DAY },
    ]);
  });
});

describe("the settings version", () => {
  it("moves whenever a shop or a dataset changed, so that other processes read again", async () => {
    const { store, shopId, datasetId } = await openOutbox();
    const steps = [
      () => store.holdDataset(datasetId, "meta_190", DAY),
      () => store.pauseDataset(datasetId, DAY),
      () => store.disconnectDatasets(shopId, null, DAY),
      () => store.uninstallShop(shopId, "example-shop.myshopify.com", DAY, DAY),
    ];
    for (const step of steps) {
      const before = store.settingsVersion();
      await step();
      expect(store.settingsVersion()).toBeGreaterThan(before);
    }
  });
});
