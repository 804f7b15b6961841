import { describe, expect, it } from "vitest";
import { copyCounts, dayOf } from "~/outbox/coverage";
import type { CoveredEvent } from "~/store/rows";
import { DAY } from "../support/clock";
import { accepted, numbered, type Outbox, openOutbox, writeOf } from "./support/outbox";

const TODAY = dayOf(DAY, null);

//                   em ph fn ln ge db ct st zp co ex ip ua fbc fbp
const WITH_EMAIL = "o--------------";
const PHONE_KNOWN = "ok-------------";

function covered(n: number, over: Partial<CoveredEvent> = {}): CoveredEvent {
  return {
    datasetId: 1,
    event: "Purchase",
    eventId: `purchase.o${n}`,
    leg: "server",
    day: TODAY,
    keyAccount: WITH_EMAIL,
    groups: [
      ["source", "web"],
      ["country", "US"],
    ],
    ...over,
  };
}

/** Takes in so many orders and has Meta take them. */
async function settleAll({ ingest, purchase, claim, settle }: Outbox, each: CoveredEvent[], lease = "l1") {
  await ingest(...each.map(({ eventId }, n) => purchase({ ...numbered(n + 1), eventId })));
  const rows = await claim(lease);
  await settle(
    lease,
    rows.map((row, n) => accepted(row.id, { covered: each[n] ?? null, keyAccount: each[n]?.keyAccount ?? null })),
  );
}

async function copyLeft({ store }: Outbox, n: number, tr: "resolved" | "threw" = "resolved") {
  const copy = {
    shopId: 1,
    datasetId: 1,
    name: "Purchase",
    eventId: `purchase.o${n}`,
    tr,
    receivedAt: DAY,
    told: null,
    keyAccount: WITH_EMAIL,
    device: "phone",
  };
  await store.ingest(writeOf({ browserCopies: [copy] }));
}

interface Row {
  dimension: string;
  leg: string;
  value: string;
  events: number;
  twins: number;
  em: number;
  ph: number;
}

function rows({ reader }: Outbox): string[] {
  return reader
    .all<Row>(
      `SELECT "dimension", "leg", "value", "events", "twins", "em", "ph" FROM "Coverage" ORDER BY "leg", "dimension", "value"`,
    )
    .map(
      (row) => `${row.leg} ${row.dimension} ${row.value}: ${row.events} em ${row.em} ph ${row.ph} twins ${row.twins}`,
    );
}

describe("coverage", () => {
  it("counts what Meta took by its match keys, as a whole and by each group", async () => {
    const outbox = await openOutbox();
    await settleAll(outbox, [
      covered(1),
      covered(2, {
        keyAccount: "oo-------------",
        groups: [
          ["source", "web"],
          ["country", "DE"],
        ],
      }),
    ]);
    expect(rows(outbox)).toEqual([
      "server all : 2 em 2 ph 1 twins 0",
      "server country DE: 1 em 1 ph 1 twins 0",
      "server country US: 1 em 1 ph 0 twins 0",
      "server source web: 2 em 2 ph 1 twins 0",
    ]);
  });

  it("adds up over transactions, and keeps days apart", async () => {
    const outbox = await openOutbox();
    await settleAll(outbox, [covered(1, { groups: [] })]);
    await outbox.ingest(outbox.purchase(numbered(2)), outbox.purchase(numbered(3)));
    const [second, third] = await outbox.claim("l2");
    await outbox.settle("l2", [
      accepted(second?.id ?? 0, { covered: covered(2, { groups: [] }) }),
      accepted(third?.id ?? 0, { covered: covered(3, { groups: [], day: TODAY + 86_400_000 }) }),
    ]);
    const days = outbox.reader.all(`SELECT "day", "events" FROM "Coverage" ORDER BY "day"`);
    expect(days).toEqual([
      { day: TODAY, events: 2 },
      { day: TODAY + 86_400_000, events: 1 },
    ]);
  });

  it("counts apart what was known and not sent", async () => {
    const outbox = await openOutbox();
    await settleAll(outbox, [covered(1, { keyAccount: PHONE_KNOWN, groups: [] }), covered(2, { groups: [] })]);
    expect(rows(outbox)).toEqual(["server all : 2 em 2 ph 0 twins 0", "server known : 1 em 0 ph 1 twins 0"]);
  });

  it("keeps with the row where its keys came from", async () => {
    const outbox = await openOutbox();
    await settleAll(outbox, [covered(1, { keyAccount: PHONE_KNOWN })]);
    expect(outbox.reader.all(`SELECT "keyAccount" FROM "Event"`)).toEqual([{ keyAccount: PHONE_KNOWN }]);
  });

  it("counts nothing of a row whose lease was lost", async () => {
    const outbox = await openOutbox();
    await outbox.ingest(outbox.purchase(numbered(1)));
    const [row] = await outbox.claim("l1");
    await outbox.settle("another", [accepted(row?.id ?? 0, { covered: covered(1) })]);
    expect(rows(outbox)).toEqual([]);
  });

  it("of copies that left their browser is counted on the browser's leg", async () => {
    const outbox = await openOutbox();
    await copyLeft(outbox, 1);
    await copyLeft(outbox, 2, "threw");
    await outbox.store.countBrowserCopies(1, 10, copyCounts(null));
    expect(rows(outbox)).toEqual(["browser all : 1 em 1 ph 0 twins 0", "browser device phone: 1 em 1 ph 0 twins 0"]);
  });
});

describe("both copies of an event", () => {
  it("are counted once, when the server's is the second", async () => {
    const outbox = await openOutbox();
    await copyLeft(outbox, 1);
    await copyLeft(outbox, 2, "threw");
    await outbox.store.countBrowserCopies(1, 10, copyCounts(null));
    await settleAll(outbox, [covered(1, { groups: [] }), covered(2, { groups: [] })]);
    expect(rows(outbox).at(-1)).toBe("server all : 2 em 2 ph 0 twins 1");
  });

  it("are counted once, when the browser's is told of second", async () => {
    const outbox = await openOutbox();
    await settleAll(outbox, [covered(1, { groups: [] })]);
    await copyLeft(outbox, 1);
    await copyLeft(outbox, 1);
    await outbox.store.countBrowserCopies(1, 10, copyCounts(null));
    expect(rows(outbox).at(-1)).toBe("server all : 1 em 1 ph 0 twins 1");
  });

  it("are counted once, when the copy was stored before the yes and counted after it", async () => {
    const outbox = await openOutbox();
    await copyLeft(outbox, 1);
    await settleAll(outbox, [covered(1, { groups: [] })]);
    await outbox.store.countBrowserCopies(1, 10, copyCounts(null));
    expect(rows(outbox).at(-1)).toBe("server all : 1 em 1 ph 0 twins 1");
  });

  it("are not both out where Meta did not take the server's", async () => {
    const outbox = await openOutbox();
    await outbox.ingest(outbox.purchase({ ...numbered(1), outcome: "rejected", reason: "currency" }));
    await copyLeft(outbox, 1);
    await outbox.store.countBrowserCopies(1, 10, copyCounts(null));
    expect(rows(outbox).filter((row) => row.startsWith("server"))).toEqual([]);
  });
});
