import { describe, expect, it } from "vitest";
import { type Looking, NOTHING, openLooking, sold, unasked } from "./support";

/** What is answered of one order. */
async function answerOf({ lookups, shop }: Looking, id = "1") {
  return (await lookups.orders(shop, [id])).told.get(id);
}

describe("whether an order is its customer's first", () => {
  it("is told by its place among the customer's orders", async () => {
    const looking = await openLooking();
    looking.api.books.orders
      .set("1", sold())
      .set("2", sold())
      .set("3", sold({ customer: "72" }));
    const answers = await looking.lookups.orders(looking.shop, ["1", "2", "3"]);
    expect([...answers.told].map(([id, { firstOrder }]) => [id, firstOrder])).toEqual([
      ["1", true],
      ["2", false],
      ["3", true],
    ]);
    expect(looking.asked()).toEqual([3]);
  });

  it("leaves test orders out", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold({ test: true })).set("2", sold());
    expect(await answerOf(looking, "2")).toMatchObject({ firstOrder: true });
  });

  it("is told by how many orders the customer has, until Shopify has attributed it", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold({ attributed: false }));
    expect(await answerOf(looking)).toMatchObject({ firstOrder: true });
    looking.api.books.orders.set("2", sold({ attributed: false }));
    expect(await answerOf(looking, "2")).toMatchObject({ firstOrder: false });
  });

  it("cannot be told of a guest's", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold({ customer: null }));
    expect(await answerOf(looking)).toEqual({ firstOrder: null, subscription: false });
  });
});

describe("whether an order is a subscription's", () => {
  it.each([
    ["a line is bought by a selling plan", [null, "Every month"], true],
    ["no line is", [null, null], false],
    ["it has no lines", [], false],
    ["it has more lines than are asked for, and none of those is", Array(21).fill(null), null],
    ["it has more lines than are asked for, and one of those is", ["Every month", ...Array(30).fill(null)], true],
  ])("is told: %s", async (_case, plans, subscription) => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold({ plans }));
    expect(await answerOf(looking)).toMatchObject({ subscription });
  });
});

describe("the question for orders", () => {
  it("is put for twenty at a time, each of which Shopify would answer, and for each order once", async () => {
    const looking = await openLooking();
    const ids = Array.from({ length: 50 }, (_, index) => String(index + 1));
    for (const id of ids) looking.api.books.orders.set(id, sold({ customer: id }));
    const answers = await looking.lookups.orders(looking.shop, [...ids, ...ids]);
    expect(answers.told.size).toBe(50);
    expect(looking.asked()).toEqual([20, 20, 10]);
  });

  it("names only what is an order's number", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold());
    const ids = ["", "x", '1")', "gid://shopify/Order/1", "9".repeat(25), "-1", "1"];
    expect([...(await looking.lookups.orders(looking.shop, ids)).told.keys()]).toEqual(["1"]);
    expect(looking.asked()).toEqual([1]);
  });

  it("is not put where there is nothing to ask", async () => {
    const looking = await openLooking();
    expect(await looking.lookups.orders(looking.shop, [])).toEqual(NOTHING);
    expect(looking.asked()).toEqual([]);
  });

  it("asks for nothing that names a person", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold());
    await answerOf(looking);
    expect(JSON.stringify(looking.api.records[0]?.answer)).not.toMatch(
      /email|phone|name|address|gid:..shopify.Customer/i,
    );
    expect(looking.log).toEqual([]);
  });

  it("has no answer for an order that Shopify does not know", async () => {
    const looking = await openLooking();
    looking.api.books.orders.set("1", sold());
    const answers = await looking.lookups.orders(looking.shop, ["1", "404"]);
    expect([...answers.told.keys()]).toEqual(["1"]);
    expect(answers.unasked).toEqual(new Set());
  });

  it("is still open for an order that errors stand in for", async () => {
    const looking = await openLooking();
    looking.answerWith({ data: { nodes: [WHOLE, null] }, errors: [{ message: "Internal error" }] });
    const answers = await looking.lookups.orders(looking.shop, ["1", "2"]);
    expect([...answers.told.keys()]).toEqual(["1"]);
    expect(answers.unasked).toEqual(new Set(["2"]));
  });
});

const WHOLE = {
  id: "gid://shopify/Order/1",
  customerJourneySummary: { ready: true, customerOrderIndex: 1 },
  customer: { numberOfOrders: "1" },
  lineItems: { pageInfo: { hasNextPage: false }, nodes: [{ sellingPlan: { name: "Monthly" } }] },
};

describe("an odd answer about an order", () => {
  it.each([
    ["a place of zero", { customerJourneySummary: { ready: true, customerOrderIndex: 0 } }, null, true],
    ["a place that is a text", { customerJourneySummary: { ready: true, customerOrderIndex: "1" } }, true, true],
    ["no journey", { customerJourneySummary: null, customer: { numberOfOrders: "3" } }, false, true],
    ["a customer without orders", { customerJourneySummary: null, customer: { numberOfOrders: "0" } }, null, true],
    ["a count that is none", { customerJourneySummary: null, customer: { numberOfOrders: "many" } }, null, true],
    ["a count as a number", { customerJourneySummary: null, customer: { numberOfOrders: 1 } }, true, true],
    ["a customer that is a text", { customer: "71" }, null, true],
    ["no lines", { lineItems: undefined }, true, null],
    ["lines of which nothing is told", { lineItems: { pageInfo: { hasNextPage: false }, nodes: [{}] } }, true, null],
    ["lines that are null", { lineItems: { pageInfo: { hasNextPage: false }, nodes: [null] } }, true, null],
    ["lines of which nobody says whether there are more", { lineItems: { nodes: [] } }, true, null],
  ])("leaves open what it does not tell: %s", async (_case, over, firstOrder, subscription) => {
    const looking = await openLooking();
    looking.answerWith({ data: { nodes: [{ ...WHOLE, ...over }] } });
    expect(await answerOf(looking)).toEqual({ firstOrder, subscription });
  });

  it("spoils no other, and nothing that was not asked for is taken", async () => {
    const looking = await openLooking();
    const other = { ...WHOLE, id: "gid://shopify/Order/2" };
    looking.answerWith({
      data: { nodes: [null, 7, "x", {}, { id: 7 }, { id: "" }, { ...WHOLE, id: "x" }, other, WHOLE] },
    });
    expect([...(await looking.lookups.orders(looking.shop, ["1"])).told.keys()]).toEqual(["1"]);
  });

  it("counts as far as it goes where there are errors beside it, as for a field that may not be read", async () => {
    const looking = await openLooking();
    const errors = [{ message: "Access denied for customer field." }];
    looking.answerWith({ data: { nodes: [{ ...WHOLE, customer: null }] }, errors });
    expect(await answerOf(looking)).toEqual({ firstOrder: null, subscription: true });
  });

  it.each([
    ["no data", {}],
    ["data that is null", { data: null }],
    ["nodes that are no list", { data: { nodes: { length: 1 } } }],
    ["a text", "<html>"],
    ["a list", []],
  ])("that is no answer at all is a failure: %s", async (_case, body) => {
    const looking = await openLooking();
    looking.answerWith(body);
    expect(await looking.lookups.orders(looking.shop, ["1"])).toEqual(unasked("1"));
    expect(looking.log).toHaveLength(1);
  });
});
