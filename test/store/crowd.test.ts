import { describe, expect, it } from "vitest";
import type { NewEvent } from "~/store/rows";
import { DAY } from "../support/clock";
import { type Outbox, openOutbox } from "./support/outbox";

const MINUTE = 60_000;

function registration({ purchase }: Outbox, n: number, over: Partial<NewEvent> = {}): NewEvent {
  return purchase({
    name: "CompleteRegistration",
    eventId: `registration.${n}`,
    purchaseOrderId: null,
    orderId: null,
    checkoutToken: null,
    customerKey: `customer-${n}`,
    ...over,
  });
}

function ordered({ purchase }: Outbox, at: number, over: Partial<NewEvent> = {}): NewEvent {
  return purchase({ eventTime: at, customerKey: "customer-1", ...over });
}

/** What happened around the first row. */
async function around(outbox: Outbox) {
  return (await outbox.store.registrationCrowd([{ id: 1 }])).get(1);
}

describe("what happened around a registration", () => {
  it("is nothing where it is alone, and itself is counted", async () => {
    const outbox = await openOutbox();
    await outbox.ingest(registration(outbox, 1));
    expect(await around(outbox)).toEqual({ ordered: false, sameMinute: 1 });
    expect(await outbox.store.registrationCrowd([])).toEqual(new Map());
  });

  it.each([
    [-10 * MINUTE - 1, false],
    [-10 * MINUTE, true],
    [0, true],
    [10 * MINUTE, true],
    [10 * MINUTE + 1, false],
  ])("is an order of the same customer %i ms apart: %s", async (apart, expected) => {
    const outbox = await openOutbox();
    await outbox.ingest(registration(outbox, 1), ordered(outbox, DAY + apart));
    expect(await around(outbox)).toMatchObject({ ordered: expected });
  });

  it.each([
    ["another customer", { customerKey: "customer-2" }],
    ["nobody who is known", { customerKey: null }],
    ["no order at all", { orderId: null, purchaseOrderId: null }],
  ])("is no order of %s", async (_whose, over) => {
    const outbox = await openOutbox();
    await outbox.ingest(registration(outbox, 1), ordered(outbox, DAY, over));
    expect(await around(outbox)).toMatchObject({ ordered: false });
  });

  it("does not mix up customers of whom nothing is known", async () => {
    const outbox = await openOutbox();
    const unknown = { customerKey: null };
    await outbox.ingest(registration(outbox, 1, unknown), ordered(outbox, DAY, unknown));
    expect(await around(outbox)).toMatchObject({ ordered: false });
  });

  it("counts the registrations of half a minute before and after, however they ended", async () => {
    const outbox = await openOutbox();
    const apart = [0, -30_000, 30_000, -30_001, 30_001];
    await outbox.ingest(...apart.map((ms, n) => registration(outbox, n + 1, { eventTime: DAY + ms })));
    await outbox.ingest(registration(outbox, 9, { outcome: "skipped", reason: "no_account" }));
    expect(await around(outbox)).toMatchObject({ sameMinute: 4 });
  });

  it("counts them for what a rule made of one too", async () => {
    const outbox = await openOutbox();
    const made = registration(outbox, 1, { name: "Signup", eventId: "key.registration.1", rule: "key" });
    await outbox.ingest(made, registration(outbox, 1), registration(outbox, 2));
    expect(await around(outbox)).toEqual({ ordered: false, sameMinute: 2 });
  });
});
