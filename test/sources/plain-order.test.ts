import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { order, orderEnrichment, placedOrder, purchase } from "~/sources/order";
import { plainOrder } from "~/sources/plain-order";
import { orderOf } from "../bench/orders";
import { order as fixture } from "../fixtures/order";
import { BODIES } from "./bodies";
import { DRAWN_BODIES } from "./drawn-bodies";
import { mutationsOf } from "./mutations";

const SHOP = { country: "US", renewalApps: ["580111"] };
const SEED = 20261120;

/** Whether the short way read it. What it reads must make the same reading as what the schema reads. */
function readsAlike(body: unknown): boolean {
  const plain = plainOrder(body);
  const parsed = placedOrder.safeParse(body);
  expect(plain !== undefined).toBe(parsed.success);
  if (plain === undefined || !parsed.success) return false;
  expect(purchase(plain, SHOP)).toStrictEqual(purchase(parsed.data, SHOP));
  expect(orderEnrichment(plain, SHOP)).toStrictEqual(orderEnrichment(parsed.data, SHOP));
  return true;
}

describe("an order, read in one step, is what its schema reads", () => {
  it.each([
    ["as Shopify sends it", orderOf(7), 700],
    ["as tests send it", BODIES["orders/create"], 700],
    ["without a checkout", fixture({ checkoutToken: null, sourceName: "pos" }), 700],
  ])("%s, and harmed", (_, body, alike) => {
    expect(readsAlike(body)).toBe(true);
    let read = 0;
    const harmed = mutationsOf(body);
    fc.assert(
      fc.property(harmed, (text) => {
        if (readsAlike(JSON.parse(text))) read += 1;
      }),
      {
        seed: SEED,
        numRuns: 1_500,
      },
    );
    expect(read).toBeGreaterThan(alike);
  });

  it("drawn field by field", () => {
    let read = 0;
    fc.assert(
      fc.property(DRAWN_BODIES["orders/create"], (body) => {
        const sent: unknown = JSON.parse(JSON.stringify(body));
        if (readsAlike(sent)) read += 1;
      }),
      { seed: SEED, numRuns: 1_500 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it("with every field that the schema has", () => {
    expect(Object.keys(plainOrder(orderOf(7)) ?? {}).sort()).toEqual(Object.keys(order.shape).sort());
  });

  it("and nothing where the schema would refuse", () => {
    for (const body of [null, undefined, [], "text", 5, {}]) expect(plainOrder(body)).toBeUndefined();
  });
});
