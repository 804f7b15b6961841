import { order } from "../fixtures/order";
import { type Example, seconds } from "./example";
import { HASHED_BUYERS, ORDER_OF_TWO_TEES, webPurchase } from "./parts";

/** Value and currency are one pair, and ids keep every digit. */

const dollarsAndEuros = (dollars: string, euros: string) => ({
  shop_money: { amount: dollars, currency_code: "USD" },
  presentment_money: { amount: euros, currency_code: "EUR" },
});

const LINE = { id: 1, product_id: 9001, variant_id: 48001, quantity: 1, price: "10.00" };

export const MONEY: Example[] = [
  {
    title: "a shop in dollars sells in euros: Meta hears what the buyer paid, line by line",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        currency: "USD",
        presentment_currency: "EUR",
        total_price: "124.36",
        total_price_set: dollarsAndEuros("124.36", "115.90"),
        line_items: [{ ...LINE, price: "124.36", price_set: dollarsAndEuros("124.36", "115.90") }],
      },
    ),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: {
            value: 115.9,
            currency: "EUR",
            content_ids: ["48001"],
            content_type: "product",
            contents: [{ id: "48001", quantity: 1, item_price: 115.9 }],
            num_items: 1,
            order_id: "5550001",
          },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "an order without *_set sums has the shop's own pair",
    topic: "orders/create",
    in: Object.fromEntries(
      Object.entries(order({ country: "AU" }, { currency: "AUD", total_price: "42.00", line_items: [LINE] })).filter(
        ([field]) => !field.endsWith("_set"),
      ),
    ),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: {
            value: 42,
            currency: "AUD",
            content_ids: ["48001"],
            content_type: "product",
            contents: [{ id: "48001", quantity: 1, item_price: 10 }],
            num_items: 1,
            order_id: "5550001",
          },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "a currency in small letters is written as Meta wants it",
    topic: "orders/create",
    in: order({ country: "AU" }, { currency: "aud", total_price_set: null, line_items: [] }),
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { custom_data: { value: 64.5, currency: "AUD", order_id: "5550001" } })],
      skipped: [],
    },
  },
  {
    title: "an order that cost nothing is a Purchase of zero",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        total_price: "0.00",
        total_price_set: dollarsAndEuros("0.00", "0.00"),
        line_items: [{ ...LINE, title: "Tee", quantity: 2, price_set: dollarsAndEuros("32.00", "29.00") }],
      },
    ),
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { custom_data: { ...ORDER_OF_TWO_TEES, value: 0, currency: "EUR" } })],
      skipped: [],
    },
  },
  {
    title:
      "a custom line without a variant counts as an item and names no content; two lines of one variant name it once",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        line_items: [
          { ...LINE, quantity: 1 },
          { ...LINE, quantity: 3, price: "8.00" },
          { id: 2, product_id: null, variant_id: null, title: "Gift wrapping", quantity: 1, price: "3.00" },
          { id: 3, product_id: 9002, variant_id: 48002, quantity: 0, price: "5.00" },
        ],
      },
    ),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: {
            value: 64.5,
            currency: "USD",
            content_ids: ["48001"],
            content_type: "product",
            contents: [
              { id: "48001", quantity: 1, item_price: 10 },
              { id: "48001", quantity: 3, item_price: 8 },
            ],
            num_items: 5,
            order_id: "5550001",
          },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "ids above 2^53 keep their last digit, in the order as in its lines",
    topic: "orders/create",
    in: JSON.stringify(order({ country: "AU", checkoutToken: null, sourceName: "shopify_draft_order" }, { user_id: 1 }))
      .replace('"id":5550001', '"id":820982911946154509')
      .replace('"variant_id":48001', '"variant_id":808950810000000013'),
    out: {
      events: [
        {
          event_name: "Purchase",
          event_time: seconds("2026-11-20T09:58:00Z"),
          event_id: "purchase.o820982911946154509",
          action_source: "system_generated",
          user_data: HASHED_BUYERS.AU,
          custom_data: {
            ...ORDER_OF_TWO_TEES,
            content_ids: ["808950810000000013"],
            contents: [{ id: "808950810000000013", quantity: 2, item_price: 29 }],
            order_id: "820982911946154509",
          },
        },
      ],
      skipped: [],
    },
  },
  {
    title: "an order without a currency is refused by its field: there is no default, ever",
    topic: "orders/create",
    in: Object.fromEntries(Object.entries(order()).filter(([field]) => field !== "currency")),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "currency" }] },
  },
  {
    title: "an amount that is none is refused by its path",
    topic: "orders/create",
    in: order(
      {},
      {
        total_price_set: {
          ...dollarsAndEuros("1.00", "1.00"),
          presentment_money: { amount: "-1.00", currency_code: "EUR" },
        },
      },
    ),
    out: {
      events: [],
      skipped: [{ event: "Purchase", outcome: "rejected", reason: "total_price_set.presentment_money.amount" }],
    },
  },
];
