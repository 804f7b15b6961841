import { describe, expect, it } from "vitest";
import { refund, refunded } from "~/sources/refund";
import * as notices from "../fixtures/notices";

const paidBack = (over: Record<string, unknown> = {}) => ({
  kind: "refund",
  status: "success",
  amount: "29.00",
  currency: "USD",
  ...over,
});
const read = (transactions: unknown) => refunded(refund.parse({ ...notices.refund, transactions }));
const sumOf = (...transactions: unknown[]) => read(transactions).event.facts.presentment;

describe("a refund", () => {
  it("is an event of its own, under its own id, about an order that says who it was", () => {
    const { event, person } = refunded(refund.parse(notices.refund));
    expect(event).toMatchObject({
      name: "Refund",
      id: "refund.6660001",
      time: Date.parse("2026-11-20T12:00:00Z"),
      actionSource: "system_generated",
      facts: { orderId: "5550001", presentment: { total: "29.00".replace(/\.?0+$/, ""), currency: "USD" } },
    });
    expect(Object.values(person).flat()).toEqual([]);
  });

  it("is worth what went back, to the last decimal, and never less than nothing", () => {
    expect(sumOf(paidBack({ amount: "0.10" }), paidBack({ amount: "0.20" }))).toMatchObject({ total: "0.3" });
    expect(refund.safeParse({ ...notices.refund, transactions: [paidBack({ amount: "-1.00" })] }).success).toBe(false);
  });

  it("counts only money that did go back to the customer", () => {
    const others = [paidBack({ status: "failure" }), paidBack({ kind: "void" }), paidBack({ status: "pending" })];
    expect(sumOf(paidBack(), ...others)).toMatchObject({ total: "29" });
    expect(sumOf(...others)).toBeNull();
  });

  it("has no worth where nobody says in one currency what it was", () => {
    expect(sumOf(paidBack(), paidBack({ currency: "EUR" }))).toBeNull();
    expect(sumOf(paidBack({ currency: null }))).toBeNull();
    expect(sumOf(paidBack(), paidBack({ currency: null }))).toBeNull();
    expect(sumOf()).toBeNull();
    for (const none of [null, undefined]) expect(read(none).event.facts.presentment).toBeNull();
  });

  it.each([
    ["id", { id: "none" }],
    ["order_id", { order_id: null }],
    ["created_at", { created_at: "yesterday" }],
    ["transactions.0.amount", { transactions: [paidBack({ amount: "free" })] }],
    ["transactions.0.currency", { transactions: [paidBack({ currency: "dollars" })] }],
    ["transactions", { transactions: "none" }],
  ])("is refused by its field: %s", (field, over) => {
    const parsed = refund.safeParse({ ...notices.refund, ...over });
    expect(parsed.error?.issues[0]?.path.join(".")).toBe(field);
  });
});
