import { describe, expect, it } from "vitest";
import { endingFor, type Reason } from "~/events/outcome";
import { type Told, treat } from "~/pipeline/treatment";
import { DEFAULT_POLICY } from "~/settings/dataset-policy";
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from "~/settings/settings";
import { isTopic, TOPICS } from "~/sources/topics";
import { customer } from "../fixtures/customer";
import { order } from "../fixtures/order";

const CONNECTED = Date.parse("2026-11-20T09:00:00Z");
const AT_ORDER = { policy: DEFAULT_POLICY, connectedAt: CONNECTED };
const AT_PAYMENT = { policy: { ...DEFAULT_POLICY, trigger: "payment" as const }, connectedAt: CONNECTED };

function told(body: Record<string, unknown>, topic = "orders/create"): Told {
  const result = isTopic(topic) ? TOPICS[topic].read(body, { country: null, renewalApps: [] }) : null;
  if (!result?.ok || result.reading.kind !== "event") throw new Error("the body makes no event");
  return result.reading;
}

const withMatrix = (matrix: Record<string, unknown>): Settings => settingsSchema.parse({ version: 2, matrix });

/** Why it ends; null: it may go on. */
function endOf(body: Record<string, unknown>, { topic = "orders/create", to = AT_ORDER, by = DEFAULT_SETTINGS } = {}) {
  const { end } = treat(told(body, topic), topic, to, by);
  if (end !== null) expect(end).toEqual(endingFor(end.reason as Reason));
  return end?.reason ?? null;
}

describe("an order counts as it is placed", () => {
  it("paid or not, dated as it says", () => {
    for (const financial_status of ["paid", "pending", "authorized", null]) {
      const treated = treat(told(order({}, { financial_status })), "orders/create", AT_ORDER, DEFAULT_SETTINGS);
      expect(treated).toMatchObject({
        end: null,
        unpaid: false,
        event: { name: "Purchase", time: Date.parse("2026-11-20T09:58:00Z") },
      });
    }
  });

  it("unless it is a test, cancelled or voided", () => {
    expect(endOf(order({}, { test: true }))).toBe("test_order");
    expect(endOf(order({}, { cancelled_at: "2026-11-20T09:59:00Z" }))).toBe("cancelled");
    expect(endOf(order({}, { financial_status: "voided" }))).toBe("cancelled");
  });

  it("a test before anything else", () => {
    expect(endOf(order({}, { test: true, financial_status: "voided", source_name: "x", checkout_token: null }))).toBe(
      "test_order",
    );
  });
});

describe("an order counts as it is paid, where the dataset wants it so", () => {
  const paid = order({}, { updated_at: "2026-11-20T09:59:30Z" });

  it.each(["orders/create", "orders/paid"])("dated by the payment, under the same id: %s", (topic) => {
    const atOrder = treat(told(paid, topic), topic, AT_ORDER, DEFAULT_SETTINGS);
    const atPayment = treat(told(paid, topic), topic, AT_PAYMENT, DEFAULT_SETTINGS);
    expect(atPayment).toMatchObject({ end: null, unpaid: false });
    expect(atPayment.event).toEqual({ ...atOrder.event, time: Date.parse("2026-11-20T09:59:30Z") });
  });

  it("dated by the order where nobody says when it was paid", () => {
    const { event } = treat(told(order({}, { updated_at: null })), "orders/paid", AT_PAYMENT, DEFAULT_SETTINGS);
    expect(event.time).toBe(Date.parse("2026-11-20T09:58:00Z"));
  });

  it.each(["pending", "authorized", "partially_paid", "refunded", "", null])("and waits while it is %s", (status) => {
    const waiting = order({}, { financial_status: status });
    for (const topic of ["orders/create", "orders/paid"]) {
      expect(treat(told(waiting, topic), topic, AT_PAYMENT, DEFAULT_SETTINGS)).toMatchObject({
        end: null,
        unpaid: true,
        event: { time: Date.parse("2026-11-20T09:58:00Z") },
      });
    }
  });

  it("but not for what is cancelled or voided meanwhile", () => {
    expect(endOf(order({}, { financial_status: "voided" }), { to: AT_PAYMENT })).toBe("cancelled");
  });
});

describe("an order from before the dataset was connected", () => {
  const before = order({ at: "2026-11-20T08:59:59Z" });

  it("is not told when it is paid: somebody else may have told it", () => {
    expect(endOf(before, { topic: "orders/paid" })).toBe("before_connection");
    expect(endOf(before, { topic: "orders/paid", to: AT_PAYMENT })).toBe("before_connection");
    expect(endOf(order({ at: "2026-11-20T09:00:00Z" }), { topic: "orders/paid" })).toBeNull();
  });

  it("is told when it is new: Shopify made it only just now", () => {
    expect(endOf(before)).toBeNull();
  });

  it("is measured by when it was written, not by its date", () => {
    const backdated = order({}, { processed_at: "2026-11-20T08:00:00Z" });
    expect(endOf(backdated, { topic: "orders/paid" })).toBeNull();
    expect(endOf({ ...before, created_at: null }, { topic: "orders/paid" })).toBe("before_connection");
  });

  it("is no older than a dataset of which nobody knows when it was connected", () => {
    expect(endOf(before, { topic: "orders/paid", to: { ...AT_ORDER, connectedAt: null as never } })).toBeNull();
  });
});

describe("the sources matrix", () => {
  const renewal = order({ checkoutToken: null, sourceName: "subscription_contract" });
  const stranger = order({ checkoutToken: null, sourceName: "3890849" });
  const free = { total_price: "0.00" };
  const company = { company: { id: 1 } };
  const made = (body: Record<string, unknown>, matrix: Record<string, unknown>) => {
    const { event, end } = treat(told(body), "orders/create", AT_ORDER, withMatrix(matrix));
    return end?.reason ?? [event.name, event.id, event.actionSource];
  };
  const TOKEN_ID = "purchase.0123456789abcdef0123456789abcdef";

  it("says of an unknown source that it is unknown, of another that it is off", () => {
    expect(made(stranger, {})).toBe("unknown_source");
    expect(made(stranger, { sources: { unknown: "skip" } })).toBe("unknown_source");
    expect(made(renewal, { sources: { renewal: "skip" } })).toBe("source_off");
  });

  it.each([
    "website",
    "physical_store",
    "system_generated",
  ] as const)("changes where a Purchase was made: %s", (where) => {
    expect(made(renewal, { sources: { renewal: where } })).toEqual(["Purchase", "purchase.o5550001", where]);
    expect(made(order(), { sources: { web: where } })).toEqual(["Purchase", TOKEN_ID, where]);
  });

  it.each([
    [renewal, "renewal", ["Renewal", "renewal.5550001", "system_generated"]],
    [order({ sourceName: "pos" }), "pos", ["StorePurchase", "pos.5550001", "physical_store"]],
    [order(), "web", ["WebPurchase", "web.5550001", "website"]],
    [stranger, "unknown", ["OtherPurchase", "unknown.5550001", "system_generated"]],
  ])("makes an event of its own, made where the source's are: %#", (body, source, event) => {
    expect(made(body, { sources: { [source]: "custom" } })).toEqual(event);
  });

  it("lets what an order is go before where it comes from", () => {
    const matrix = { sources: { web: "skip" }, traits: { zero_value: "website", b2b: "custom" } };
    expect(made(order({}, free), matrix)).toEqual(["Purchase", TOKEN_ID, "website"]);
    expect(made(order({}, company), matrix)).toEqual(["WholesalePurchase", "b2b.5550001", "website"]);
    expect(made(order(), matrix)).toBe("source_off");
  });

  it("lets the first of two say it, where both have a word", () => {
    const both = order({}, { ...free, ...company });
    expect(made(both, { traits: { zero_value: "skip", b2b: "custom" } })).toBe("source_off");
    expect(made(both, { traits: { zero_value: "custom", b2b: "skip" } })).toEqual([
      "FreeOrder",
      "zero_value.5550001",
      "website",
    ]);
    expect(made(both, { traits: { b2b: "skip" } })).toBe("source_off");
  });
});

describe("a new customer", () => {
  const every: Settings = { ...DEFAULT_SETTINGS, registrations: "every" };
  const as = (state: unknown, by = DEFAULT_SETTINGS) =>
    endOf(customer({}, { state }), { topic: "customers/create", by });

  it("is a registration with an account", () => {
    expect(as("enabled")).toBeNull();
    for (const state of ["disabled", "invited", "declined", null, undefined, 1]) expect(as(state)).toBe("no_account");
  });

  it("is one in any case where the merchant counts every record", () => {
    for (const state of ["enabled", "disabled", null]) expect(as(state, every)).toBeNull();
  });
});

it("what is about no order is what it was", () => {
  const { event } = told(customer({}, { state: "enabled" }), "customers/create");
  const treated = treat(
    { event, skip: null, order: null, account: null },
    "beacon",
    AT_PAYMENT,
    withMatrix({ sources: { web: "skip" } }),
  );
  expect(treated).toEqual({ event, end: null, unpaid: false });
});
