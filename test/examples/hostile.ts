import { order } from "../fixtures/order";
import { type Example, hashed } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, ORDER_OF_TWO_TEES, webPurchase } from "./parts";

/** What no well-meaning sender writes: it costs a key at the most, or names the field that is refused. */

const { line_items: lines, billing_address: address } = order({ country: "AU" });
const [TEE] = Array.isArray(lines) ? lines : [];
const BROWSER = { user_agent: ORDER_BROWSER.client_user_agent };
const without = (key: string) =>
  Object.fromEntries(Object.entries(HASHED_BUYERS.AU).filter(([present]) => present !== key));

export const HOSTILE: Example[] = [
  {
    title: "a script in a title is a title: Meta gets text, and so does the admin",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [{ ...TEE, title: "<script>alert(1)</script>" }] }),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: { ...ORDER_OF_TWO_TEES, content_name: "<script>alert(1)</script>" },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "a title that is absurdly long is none",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [{ ...TEE, title: "tee ".repeat(2_000) }] }),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: Object.fromEntries(
            Object.entries(ORDER_OF_TWO_TEES).filter(([field]) => field !== "content_name"),
          ),
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "marks that turn the direction of writing are no part of a name",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      { billing_address: { ...Object(address), first_name: "\u202EMatilda\u200F" }, shipping_address: null },
    ),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "NUL and half a surrogate pair are removed as the body is parsed",
    topic: "orders/create",
    in: JSON.stringify(order({ country: "AU" }))
      .replaceAll("Matilda", "Mat\\u0000il\\ud83dda")
      .replaceAll("matilda@", "mat\\u0000ilda@"),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "fields of another type cost their keys, not the event",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        email: ["matilda@example.com.au"],
        contact_email: { at: "example.com.au" },
        customer: "Matilda",
        note_attributes: "_fbp",
        landing_site: 7,
        client_details: [],
        browser_ip: "0.0.0.0",
      },
    ),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          user_data: Object.fromEntries(Object.entries(without("em")).filter(([key]) => key !== "external_id")),
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "an address of a private network is no shopper's",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      { browser_ip: "10.0.0.7", client_details: { browser_ip: "192.168.1.4", user_agent: null } },
    ),
    out: { events: [webPurchase(HASHED_BUYERS.AU, { user_data: HASHED_BUYERS.AU })], skipped: [] },
  },
  {
    title: "a private network's address hides no other",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      { browser_ip: ORDER_BROWSER.client_ip_address, client_details: { ...BROWSER, browser_ip: "192.168.1.4" } },
    ),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "a word for an address hides none either",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      { browser_ip: ORDER_BROWSER.client_ip_address, client_details: { ...BROWSER, browser_ip: "unknown" } },
    ),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "of two addresses the IPv6 one is preferred, as Meta does",
    topic: "orders/create",
    in: order({ country: "AU" }, { browser_ip: "2001:db8::7" }),
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          user_data: { ...HASHED_BUYERS.AU, ...ORDER_BROWSER, client_ip_address: "2001:db8::7" },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "two letters that are no country are no country, and an order from nowhere asks for consent",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      { billing_address: { ...Object(address), country_code: "ZZ" }, shipping_address: null, customer: null },
    ),
    browser: {},
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "no_consent_signal" }] },
  },
  {
    title: "a number of pieces that is none is refused by its path",
    topic: "orders/create",
    in: order({}, { line_items: [TEE, { ...TEE, quantity: "2" }] }),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "line_items.1.quantity" }] },
  },
  {
    title: "a currency that is none is refused, in the sums as well",
    topic: "orders/create",
    in: order(
      {},
      {
        total_price_set: {
          shop_money: { amount: "64.50", currency_code: "USD" },
          presentment_money: { amount: "64.50", currency_code: "US Dollar" },
        },
      },
    ),
    out: {
      events: [],
      skipped: [{ event: "Purchase", outcome: "rejected", reason: "total_price_set.presentment_money.currency_code" }],
    },
  },
  {
    title: "an e-mail in capitals between spaces is the same e-mail",
    topic: "orders/create",
    in: order({ country: "AU" }, { email: "  MATILDA@EXAMPLE.COM.AU\t", contact_email: "" }),
    out: { events: [webPurchase({ ...HASHED_BUYERS.AU, em: hashed("matilda@example.com.au") })], skipped: [] },
  },
];
