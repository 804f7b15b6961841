import { describe, expect, it } from "vitest";
import { copyCounts } from "~/outbox/coverage";
import { retain } from "~/outbox/retention.server";
import type { NewAttempt, NewNotice } from "~/store/rows";
import { DAY } from "../support/clock";
import { accepted, numbered, type Outbox, openOutbox, writeOf } from "./support/outbox";

const DAY_MS = 24 * 3_600_000;

const ATTEMPT: NewAttempt = {
  at: DAY,
  ms: 120,
  events: 1,
  status: 200,
  verdict: "accepted",
  code: null,
  subcode: null,
  fbtraceId: "AbC",
  answer: '{"events_received":1}',
  bytesHash: "00",
  eventRowIds: [],
};

function notice(shopId: number, webhookId: string): NewNotice {
  const arrival = { triggeredAt: null, receivedAt: DAY, body: "sealed" };
  return { shopId, topic: "app/uninstalled", webhookId, ...arrival };
}

/** Events that end at the same moment, each in a request of its own; their rows are numbered from 1. */
async function end(outbox: Outbox, count: number, now = DAY): Promise<void> {
  const { ingest, purchase, claim, store, shopId, datasetId } = outbox;
  await ingest(
    ...Array.from({ length: count }, (_, n) => purchase({ ...numbered(n + 1), customerKey: `customer-${n + 1}` })),
  );
  const ids = (await claim("a")).map(({ id }) => id);
  await store.settle({
    shopId,
    datasetId,
    lease: "a",
    now,
    attempts: ids.map((id) => ({ ...ATTEMPT, eventRowIds: [id] })),
    settlements: ids.map((id, attempt) =>
      accepted(id, { attempt, bytes: "sealed bytes", bytesHash: "11", consent: "{}", forget: false }),
    ),
    contexts: [],
  });
}

/** Forgets what is to be forgotten so many days after DAY. */
function daysLater({ store }: Outbox, days: number) {
  return retain(store, DAY + days * DAY_MS, () => true);
}

const JUST_BEFORE = 1 / DAY_MS;

describe("what is remembered of an event that ended", () => {
  it("is there for as long as it should be, to the millisecond, in 401 days", async () => {
    const outbox = await openOutbox();
    await end(outbox, 1);
    const seen = async (days: number) => {
      await daysLater(outbox, days);
      const [event] = outbox.rows() as unknown as Record<string, unknown>[];
      const [attempt] = outbox.reader.all<{ answer: string }>(`SELECT "answer" FROM "Attempt"`);
      return {
        row: event !== undefined,
        kept: Object.keys(event ?? {}).filter(
          (column) =>
            /^(?:bytes|bytesHash|facts|matchKeys|customerKey|consent)$/.test(column) && event?.[column] !== null,
        ),
        answer: attempt?.answer,
        attempts: outbox.reader.all(`SELECT "id" FROM "Attempt"`).length,
      };
    };
    const whole = ["bytes", "bytesHash", "consent", "customerKey", "facts", "matchKeys"];
    const sorted = async (days: number) => {
      const { kept, ...rest } = await seen(days);
      return { ...rest, kept: kept.sort() };
    };
    const there = { row: true, attempts: 1, answer: ATTEMPT.answer };
    expect(await sorted(0)).toEqual({ ...there, kept: whole });
    expect(await sorted(7 - JUST_BEFORE)).toEqual({ ...there, kept: whole });
    expect(await sorted(7)).toEqual({ ...there, kept: whole.slice(1) });
    expect(await sorted(90 - JUST_BEFORE)).toEqual({ ...there, kept: whole.slice(1) });
    expect(await sorted(90)).toEqual({ ...there, answer: "", kept: ["bytesHash", "consent"] });
    expect(await sorted(400 - JUST_BEFORE)).toEqual({ ...there, answer: "", kept: ["bytesHash", "consent"] });
    const gone = { row: false, attempts: 0, answer: undefined, kept: [] };
    expect(await sorted(400)).toEqual(gone);
    expect(await sorted(401)).toEqual(gone);
  });

  it("goes at once as far as it should when nobody looked for 401 days, the counts of those days too", async () => {
    const outbox = await openOutbox();
    await end(outbox, 3);
    outbox.reader.exec(
      `INSERT INTO "Rollup" ("shopId", "datasetId", "event", "leg", "bucket", "dimension", "value", "count", "sum")
       VALUES (1, 1, 'Purchase', 'server', ${DAY}, 'outcome', 'accepted', 3, 0),
         (1, 1, 'Purchase', 'server', ${DAY + 2 * DAY_MS}, 'outcome', 'accepted', 4, 0)`,
    );
    expect(await daysLater(outbox, 401)).toEqual({ bytes: 3, facts: 3, events: 3, rollups: 1 });
    expect(outbox.rows()).toEqual([]);
    expect(outbox.reader.all(`SELECT "id" FROM "Attempt"`)).toEqual([]);
    expect(outbox.reader.all(`SELECT "count" FROM "Rollup"`)).toEqual([{ count: 4 }]);
  });

  it("is found by its end, not by its arrival; a request is as old as the first of its events that goes", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, claim, store, shopId, datasetId, reader } = outbox;
    await ingest(purchase(numbered(1)), purchase(numbered(2)));
    await claim("a");
    const settling = { shopId, datasetId, lease: "a", now: DAY, contexts: [] };
    const attempts = [{ ...ATTEMPT, events: 2, eventRowIds: [1, 2] }];
    const retried = accepted(2, { attempt: 0, outcome: "waiting", runAt: DAY + 30 * DAY_MS, forget: false });
    await store.settle({ ...settling, attempts, settlements: [accepted(1, { attempt: 0 }), retried] });
    await claim("b", DAY + 30 * DAY_MS);
    await outbox.settle("b", [accepted(2, { bytes: "sealed" })], DAY + 30 * DAY_MS);

    await daysLater(outbox, 90);
    expect(outbox.rows()).toMatchObject([{ facts: null }, { facts: expect.any(String), bytes: null }]);
    expect(reader.all(`SELECT "answer" FROM "Attempt"`)).toEqual([{ answer: "" }]);
    await daysLater(outbox, 400);
    expect(outbox.rows()).toMatchObject([{ id: 2, facts: null }]);
    expect(reader.all(`SELECT "id" FROM "Attempt"`)).toEqual([]);
    await daysLater(outbox, 430);
    expect(outbox.rows()).toEqual([]);
    expect(reader.all(`SELECT "eventRowId" FROM "AttemptEvent"`)).toEqual([]);
  });

  it("is kept anew when the event was brought back and left once more", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, claim, settle, store, rows } = outbox;
    await ingest(purchase({ actionSource: "physical_store" }));
    await claim("a");
    await settle("a", [accepted(1, { outcome: "dead", reason: "unknown_answer", bytes: "first", forget: false })]);
    await daysLater(outbox, 7);
    expect(rows()).toMatchObject([{ bytes: null }]);
    const again = DAY + 20 * DAY_MS;
    await store.replay([1], again, again);
    await daysLater(outbox, 401);
    expect(rows()).toMatchObject([{ outcome: "waiting", facts: expect.any(String) }]);
    await claim("b", again);
    await settle("b", [accepted(1, { bytes: "second" })], again);
    await daysLater(outbox, 27 - JUST_BEFORE);
    expect(rows()).toMatchObject([{ bytes: "second" }]);
    await daysLater(outbox, 27);
    expect(rows()).toMatchObject([{ bytes: null }]);
  });
});

describe("what has not ended", () => {
  it("stays as it is, however long: due, on hold, or on its way", async () => {
    const outbox = await openOutbox();
    const { ingest, purchase, claim, rows } = outbox;
    await ingest(purchase(numbered(1)));
    await claim("a");
    await ingest(purchase(numbered(2)), purchase({ ...numbered(3), hold: "payment", runAt: DAY + 60 * DAY_MS }));
    const before = rows();
    expect(await daysLater(outbox, 4_000)).toEqual({});
    expect(rows()).toEqual(before);
  });

  it("nor been counted is kept for it, though it ended on arrival", async () => {
    const outbox = await openOutbox();
    await outbox.ingest(outbox.purchase({ outcome: "skipped", reason: "test_order" }));
    const before = outbox.rows();
    expect(await daysLater(outbox, 4_000)).toEqual({});
    expect(outbox.rows()).toEqual(before);
  });
});

describe("what is remembered beside the events", () => {
  it("of the browser's own copies goes after 400 days; what nobody has counted yet still counts", async () => {
    const outbox = await openOutbox();
    const { store, shopId, datasetId, reader } = outbox;
    const copy = {
      shopId,
      datasetId,
      name: "PageView",
      tr: "resolved" as const,
      receivedAt: DAY,
      told: null,
      keyAccount: "",
      device: "",
    };
    await store.ingest(writeOf({ browserCopies: [{ ...copy, eventId: "one" }] }));
    await store.ingest(writeOf({ browserCopies: [{ ...copy, eventId: "late", receivedAt: DAY + 1 }] }));
    expect(await daysLater(outbox, 400 - JUST_BEFORE)).toEqual({});
    expect(await daysLater(outbox, 400)).toEqual({ browser_copies: 1 });
    expect(reader.all(`SELECT "eventId" FROM "BrowserCopy"`)).toEqual([{ eventId: "late" }]);
    expect(await store.countBrowserCopies(datasetId, 10, copyCounts(null))).toBe(2);
  });

  it("of a visitor goes 90 days after the last word of it", async () => {
    const outbox = await openOutbox();
    const { store, context } = outbox;
    await store.ingest(writeOf({ contexts: [context(), context({ key: "client.other" })] }));
    await store.ingest(writeOf({ contexts: [context({ receivedAt: DAY + DAY_MS })] }));
    expect(await daysLater(outbox, 90 - JUST_BEFORE)).toEqual({});
    expect(await daysLater(outbox, 90)).toEqual({ browser_contexts: 1 });
    expect(await daysLater(outbox, 91)).toEqual({ browser_contexts: 1 });
  });

  it("of a request loses whom it was about after 30 days and goes after 400, once it was acted on", async () => {
    const outbox = await openOutbox();
    const { store, shopId, reader } = outbox;
    await store.ingest(writeOf({ notices: [notice(shopId, "closed"), notice(shopId, "open")] }));
    await store.closeNotice({ id: 1, now: DAY, receipt: null, keepBody: true });
    const notices = () => reader.all(`SELECT "webhookId", "body" FROM "Notice" ORDER BY "id"`);
    const open = { webhookId: "open", body: "sealed" };
    await daysLater(outbox, 30 - JUST_BEFORE);
    expect(notices()).toEqual([{ webhookId: "closed", body: "sealed" }, open]);
    await daysLater(outbox, 30);
    expect(notices()).toEqual([{ webhookId: "closed", body: "" }, open]);
    await daysLater(outbox, 400 - JUST_BEFORE);
    expect(notices()).toHaveLength(2);
    await daysLater(outbox, 400);
    expect(notices()).toEqual([open]);
  });
});

describe("forgetting", () => {
  it.each(["bytes", "facts", "events"] as const)("%s takes a portion at a time, and each row once", async (what) => {
    const outbox = await openOutbox();
    await end(outbox, 7);
    const { store } = outbox;
    if (what !== "bytes") await store.forget("bytes", DAY, 100);
    if (what === "events") await store.forget("facts", DAY, 100);
    const portions: number[] = [];
    while (portions.at(-1) !== 1) portions.push(await store.forget(what, DAY, 3));
    expect(portions).toEqual([3, 3, 1]);
    expect(await store.forget(what, DAY, 3)).toBe(0);
  });

  it("by two at once takes each row once", async () => {
    const outbox = await openOutbox();
    await end(outbox, 40);
    const portions = await Promise.all([1, 2].map(() => outbox.store.forget("bytes", DAY, 100)));
    expect(portions.reduce((sum, rows) => sum + rows)).toBe(40);
  });
});
