import type { DatasetPolicy } from "~/settings/dataset-policy";
import { PRICED, type Priced, pricedOrder } from "../fixtures/priced";
import { DATASET, type Example } from "./example";
import { HASHED_BUYERS, webPurchase } from "./parts";

/** Which part of a sum counts, and in whose money; prices of goods stay beside a value in their own currency only. */

const TEES = {
  content_ids: ["48001"],
  content_type: "product",
  content_name: "Tee",
  num_items: 2,
  order_id: "5550001",
};

function example(
  title: string,
  priced: Priced,
  value: Partial<DatasetPolicy["value"]>,
  [amount, currency, price]: [amount: number, currency: string, price?: number],
  over: Record<string, unknown> = {},
): Example {
  const content = { id: "48001", quantity: 2, ...(price === undefined ? {} : { item_price: price }) };
  return {
    title,
    topic: "orders/create",
    in: pricedOrder(priced, { country: "AU" }, over),
    shop: { settings: { datasets: { [DATASET]: { value } } } },
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, { custom_data: { value: amount, currency, ...TEES, contents: [content] } }),
      ],
      skipped: [],
    },
  };
}

function worthless(title: string, basis: DatasetPolicy["value"]["basis"], over: Record<string, unknown>): Example {
  return {
    title,
    topic: "orders/create",
    in: pricedOrder(PRICED.euros, { country: "AU" }, over),
    shop: { settings: { datasets: { [DATASET]: { value: { basis } } } } },
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "no_money" }] },
  };
}

const { euros, yen, dinars, dollars, abroad } = PRICED;

export const VALUE_POLICIES: Example[] = [
  example("the total: what the customer pays", euros, { basis: "total" }, [54.9, "EUR", 29.95]),
  example("the subtotal: goods after discounts, with the tax in their prices", euros, { basis: "subtotal" }, [
    50,
    "EUR",
    29.95,
  ]),
  example("the goods alone: 8.76 of tax less the 0.78 on shipping are taken out", euros, { basis: "goods" }, [
    42.02,
    "EUR",
    29.95,
  ]),
  example("where tax comes on top, the goods alone are the subtotal", dollars, { basis: "goods" }, [58, "USD", 29]),
  example("yen have no decimals", yen, { basis: "total" }, [3250, "JPY", 1500]),
  example("nor have their goods: 295 of tax less 50 on shipping", yen, { basis: "goods" }, [2455, "JPY", 1500]),
  example("Kuwaiti dinars have three", dinars, { basis: "total" }, [23.363, "KWD", 9.875]),
  example("and keep them in the subtotal", dinars, { basis: "subtotal" }, [19.75, "KWD", 9.875]),
  example("a buyer's euros in a shop in dollars", abroad, { money: "presentment" }, [64.93, "EUR", 27.03]),
  example("the shop's dollars for them: prices in euros would mislead beside it", abroad, { money: "shop" }, [
    69.66,
    "USD",
  ]),
  example("the shop's own part of it", abroad, { money: "shop", basis: "subtotal" }, [58, "USD"]),
  example(
    "an order says itself whether tax is in its prices, whatever the shop says",
    euros,
    { basis: "goods" },
    [50, "EUR", 29.95],
    {
      taxes_included: false,
    },
  ),
  {
    ...example("where it does not, the shop does", euros, { basis: "goods" }, [42.02, "EUR", 29.95], {
      taxes_included: null,
    }),
    shop: { taxesIncluded: true, settings: { datasets: { [DATASET]: { value: { basis: "goods" } } } } },
  },
  worthless("where nobody says it, the goods' worth is not known, and no other sum stands in", "goods", {
    taxes_included: null,
  }),
  worthless("nor where the tax on shipping is not known", "goods", { shipping_lines: [{ tax_lines: [{}] }] }),
  worthless("an order without a subtotal has none: the total is no subtotal", "subtotal", { subtotal_price_set: null }),
  worthless("and parts that are all missing make the whole no part", "subtotal", {
    subtotal_price_set: null,
    total_shipping_price_set: null,
    total_tax_set: { shop_money: { amount: "8.76" } },
  }),
];
