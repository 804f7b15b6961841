import { describe, expect, it } from "vitest";
import { DAY } from "../support/clock";
import { dueAtAll } from "./support/due";
import { numbered, type Outbox, openOutbox, withheld } from "./support/outbox";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHOP = "example-shop.myshopify.com";
/** The outbox's dataset with the token it was first connected with, and with the next one. */
const FIRST = { id: 1, connection: 1 };
const SECOND = { id: 1, connection: 2 };

function connectAgain({ store, shopId }: Outbox, now: number, testCode: string | null = null): Promise<void> {
  const fresh = { token: "sealed anew", testCode, holdSeconds: null, connectedAt: now };
  return store.connectDataset({ shopId, dataset: "1234567890", ...fresh });
}

describe("a dataset with a new token", () => {
  it("is no longer on hold: what waited for a dead token flows again, each row at its own time", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, store, reader, rows, datasetId } = outbox;
    await ingest(purchase(numbered(1)), purchase({ ...numbered(2), runAt: DAY + 2 * HOUR }));
    await store.holdDataset(FIRST, "meta_190", DAY);
    await store.pauseDataset(FIRST, DAY + HOUR);
    expect(await dueAtAll(store, DAY + 1_000)).toEqual([]);
    await connectAgain(outbox, DAY + 1_000);
    expect(await dueAtAll(store, DAY + 1_000)).toEqual([datasetId]);
    expect(rows()).toMatchObject([{ runAt: DAY }, { runAt: DAY + 2 * HOUR }]);
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

  it("is neither held nor paused for what Meta says of the old one", async () => {
    const outbox = await openOutbox();
    const { store, reader } = outbox;
    const state = () => reader.all(`SELECT "connection", "heldReason", "heldAt", "pausedUntil" FROM "Dataset"`);
    await connectAgain(outbox, DAY);
    const version = await store.settingsVersion();
    await store.holdDataset(FIRST, "meta_190", DAY + 1);
    await store.pauseDataset(FIRST, DAY + HOUR);
    expect(state()).toMatchObject([{ connection: 2, heldReason: null, heldAt: null, pausedUntil: null }]);
    expect(await store.settingsVersion()).toBe(version);

    await store.holdDataset(SECOND, "meta_190", DAY + 2);
    await store.pauseDataset(SECOND, DAY + HOUR);
    expect(state()).toMatchObject([{ heldReason: "meta_190", heldAt: DAY + 2, pausedUntil: DAY + HOUR }]);
  });

  it("keeps its test code unless it is told another, or none", async () => {
    const outbox = await openOutbox();
    const codes: (string | null | undefined)[] = [];
    for (const told of ["TEST1", null, "TEST2", ""]) {
      await connectAgain(outbox, DAY, told);
      codes.push(outbox.reader.all<{ testCode: string | null }>(`SELECT "testCode" FROM "Dataset"`)[0]?.testCode);
    }
    expect(codes).toEqual(["TEST1", "TEST1", "TEST2", null]);
  });
});

/** One row on its way to Meta, and one that waits for its browser. */
async function openWaiting(): Promise<Outbox> {
  const outbox = await openOutbox();
  const { ingest, purchase, claim } = outbox;
  await ingest(purchase(numbered(1)));
  await claim("mine");
  await ingest(purchase({ ...numbered(2), hold: "browser_context", runAt: DAY + HOUR }));
  return outbox;
}

/** Ends what waits, as the drain does. */
async function endWaiting({ store, settle, datasetId }: Outbox, reason: string, now: number): Promise<void> {
  const taken = await store.claimWaiting({ datasetId, now, limit: 10, lease: "ending", leaseUntil: now + 45_000 });
  const ended = taken.map(({ id }) => withheld(id, reason));
  await settle("ending", ended, now);
}

describe("a dataset that is disconnected", () => {
  it("leaves what waits to the drain to be withheld, and what is on its way to its own ending", async () => {
    const outbox = await openWaiting();
    const { store, shopId, datasetId, rows } = outbox;
    const before = rows();
    expect(await store.disconnectDatasets(shopId, null, DAY + 10)).toBe(1);
    expect(rows()).toEqual(before);
    expect(await dueAtAll(store, DAY + 10)).toEqual([datasetId]);
    await endWaiting(outbox, "disconnected", DAY + 10);
    expect(rows()).toMatchObject([
      { outcome: "waiting", lease: "mine" },
      { outcome: "withheld", reason: "disconnected", hold: null, countedAs: "withheld", settledAt: DAY + 10 },
    ]);
  });

  it("is disconnected once", async () => {
    const { store, shopId } = await openOutbox();
    expect(await store.disconnectDatasets(shopId, "1234567890", DAY)).toBe(1);
    expect(await store.disconnectDatasets(shopId, "1234567890", DAY)).toBe(0);
    expect(await store.disconnectDatasets(shopId, "5550000", DAY)).toBe(0);
  });
});

describe("a shop that is uninstalled", () => {
  it("leaves what waits to the drain to be withheld, and what is on its way to its own ending", async () => {
    const outbox = await openWaiting();
    const { store, shopId, datasetId, rows } = outbox;
    const before = rows();
    await store.uninstallShop(shopId, SHOP, DAY + 10, DAY + 10);
    expect(rows()).toEqual(before);
    expect(await dueAtAll(store, DAY + 10)).toEqual([datasetId]);
    await endWaiting(outbox, "uninstalled", DAY + 10);
    expect(rows()).toMatchObject([
      { outcome: "waiting", lease: "mine" },
      { outcome: "withheld", reason: "uninstalled", hold: null, countedAs: "withheld" },
    ]);
  });

  it("is so from what Shopify dates after the installation; what is older, by a millisecond, is a late word", async () => {
    const { store, shopId, reader } = await openOutbox();
    const uninstalled = () => reader.all(`SELECT "uninstalledAt" FROM "Shop"`);
    await store.uninstallShop(shopId, SHOP, DAY - 1, DAY + 10);
    expect(uninstalled()).toMatchObject([{ uninstalledAt: null }]);
    await store.uninstallShop(shopId, SHOP, DAY, DAY + 10);
    expect(uninstalled()).toMatchObject([{ uninstalledAt: DAY + 10 }]);
  });
});

describe("the datasets with something for the drain", () => {
  async function openTwo() {
    const outbox = await openOutbox();
    const { store, shopId, ingest, purchase } = outbox;
    const second = { dataset: "9876543210", token: "sealed", testCode: null, holdSeconds: 0, connectedAt: DAY };
    await store.connectDataset({ shopId, ...second });
    await ingest(purchase(numbered(1)), purchase({ ...numbered(2), datasetId: 2 }));
    const skipped = { outcome: "skipped", reason: "test_order" } as const;
    return {
      ...outbox,
      due: (now: number) => dueAtAll(store, now),
      ingestEnded: (runAt: number) => ingest(purchase({ ...numbered(3), ...skipped, runAt })),
    };
  }

  it("are those with a row whose time has come", async () => {
    const { due } = await openTwo();
    expect(await due(DAY - 1)).toEqual([]);
    expect(await due(DAY)).toEqual([1, 2]);
  });

  it("are not those on hold, unless something has ended there", async () => {
    const { store, due, ingestEnded } = await openTwo();
    await store.holdDataset(FIRST, "meta_190", DAY);
    expect(await due(DAY)).toEqual([2]);
    await ingestEnded(DAY + 10);
    expect(await due(DAY + 9)).toEqual([2]);
    expect(await due(DAY + 10)).toEqual([1, 2]);
  });

  it("are not those that are paused, for as long as that lasts, unless something has ended there", async () => {
    const { store, due, ingestEnded } = await openTwo();
    await store.pauseDataset(FIRST, DAY + MINUTE);
    expect(await due(DAY + MINUTE - 1)).toEqual([2]);
    expect(await due(DAY + MINUTE)).toEqual([1, 2]);
    await ingestEnded(DAY);
    expect(await due(DAY)).toEqual([1, 2]);
  });

  it("are those disconnected, for whatever waits, also what is not due or on hold", async () => {
    const { store, shopId, due, datasetId, settle } = await openTwo();
    await store.holdDataset(FIRST, "meta_190", DAY);
    await store.disconnectDatasets(shopId, "1234567890", DAY);
    expect(await due(DAY - HOUR)).toEqual([1]);
    await store.claimWaiting({ datasetId, now: DAY, limit: 10, lease: "a", leaseUntil: DAY + MINUTE });
    await settle("a", [withheld(1, "disconnected")]);
    expect(await due(DAY - HOUR)).toEqual([]);
    expect(await due(DAY)).toEqual([2]);
  });

  it("are all of a shop that is uninstalled, for whatever waits", async () => {
    const { store, shopId, due } = await openTwo();
    await store.pauseDataset(FIRST, DAY + HOUR);
    await store.uninstallShop(shopId, SHOP, DAY, DAY);
    expect(await due(DAY - HOUR)).toEqual([1, 2]);
  });
});

describe("the first reason of a hold", () => {
  it("stands: what follows from it does not hide it", async () => {
    const { store, reader } = await openOutbox();
    await store.holdDataset(FIRST, "meta_190", DAY);
    await store.holdDataset(FIRST, "meta_200", DAY + 1);
    expect(reader.all(`SELECT "heldReason", "heldAt" FROM "Dataset"`)).toMatchObject([
      { heldReason: "meta_190", heldAt: DAY },
    ]);
  });
});

describe("the settings version", () => {
  it("moves whenever a shop or a dataset changed, so that other processes read again", async () => {
    const { store, shopId } = await openOutbox();
    const steps = [
      () => store.holdDataset(FIRST, "meta_190", DAY),
      () => store.pauseDataset(FIRST, DAY),
      () => store.describeShop(shopId, { country: "DE", primaryDomain: null, timezone: null }),
      () => store.disconnectDatasets(shopId, null, DAY),
      () => store.uninstallShop(shopId, SHOP, DAY, DAY),
    ];
    for (const step of steps) {
      const before = await store.settingsVersion();
      await step();
      expect(await store.settingsVersion()).toBeGreaterThan(before);
    }
  });
});
