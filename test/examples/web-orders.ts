import { order } from "../fixtures/order";
import { type Example, hashed } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, webPurchase } from "./parts";

/** Orders of the online store: what becomes of the person, the browser and the page. */
export const WEB_ORDERS: Example[] = [
  {
    title: "a US order: state as two letters, ZIP as five digits, phone with its country code",
    topic: "orders/create",
    in: order(),
    out: { events: [webPurchase(HASHED_BUYERS.US)], skipped: [] },
  },
  {
    title: "a German order: umlauts kept, hyphen of a double name dropped, the state's name in full",
    topic: "orders/create",
    in: order({ country: "DE" }),
    out: { events: [webPurchase(HASHED_BUYERS.DE)], skipped: [] },
  },
  {
    title: "a British order: apostrophe and full stop dropped, both halves of the postcode kept",
    topic: "orders/create",
    in: order({ country: "GB" }),
    out: { events: [webPurchase(HASHED_BUYERS.GB)], skipped: [] },
  },
  {
    title: "an Australian order: a local mobile number gets its country code",
    topic: "orders/create",
    in: order({ country: "AU" }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "orders/paid makes the same event as orders/create, byte for byte",
    topic: "orders/paid",
    in: order(),
    out: { events: [webPurchase(HASHED_BUYERS.US)], skipped: [] },
  },
  {
    title: "the customer's own e-mail and phone join the order's when they differ",
    topic: "orders/create",
    in: order({}, { customer: { id: 8880001, email: "j.example@example.org", phone: "+44 20 7946 0958" } }),
    out: {
      events: [
        webPurchase({
          ...HASHED_BUYERS.US,
          em: hashed("jordan.example@example.com", "j.example@example.org"),
          ph: hashed("15032261234", "442079460958"),
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "an order without a customer is known by its e-mail and address, and has no external id",
    topic: "orders/create",
    in: order({}, { customer: null }),
    out: {
      events: [
        webPurchase(Object.fromEntries(Object.entries(HASHED_BUYERS.US).filter(([key]) => key !== "external_id"))),
      ],
      skipped: [],
    },
  },
  {
    title: "an order without addresses goes by the customer's default address",
    topic: "orders/create",
    in: order({ country: "AU" }, { billing_address: null, shipping_address: null }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "billing comes before shipping, and names the region",
    topic: "orders/create",
    in: order({ country: "AU" }, { shipping_address: order({ country: "DE" }).shipping_address }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "what is no value is no match key: empty texts, placeholders, an address without a person",
    topic: "orders/create",
    in: order(
      {},
      {
        email: "",
        contact_email: "undefined",
        billing_address: { first_name: "🙂", last_name: "null", phone: "0", city: " ", zip: "", country_code: "US" },
        shipping_address: null,
        customer: null,
      },
    ),
    out: { events: [webPurchase({ country: hashed("us") })], skipped: [] },
  },
  {
    title: "the page comes from the pixel where it spoke, without query, fragment and secrets",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: {
      url: "https://shop.example.com/checkouts/cn/Z2NwLWV4YW1wbGU/thank-you?key=secret#top",
      consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    },
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_source_url: "https://shop.example.com/checkouts" })],
      skipped: [],
    },
  },
  {
    title: "without a page the shop's primary domain stands in",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: { primaryDomain: "www.example.com" },
    out: { events: [webPurchase(HASHED_BUYERS.AU, { event_source_url: "https://www.example.com/" })], skipped: [] },
  },
  {
    title: "a status link on myshopify.com is no page a shopper saw: the event leaves without one",
    topic: "orders/create",
    in: order({ country: "AU" }, { order_status_url: "https://example-shop.myshopify.com/1/orders/abc/authenticate" }),
    out: {
      events: [
        Object.fromEntries(
          Object.entries(webPurchase(HASHED_BUYERS.AU)).filter(([field]) => field !== "event_source_url"),
        ),
      ],
      skipped: [],
    },
  },
  {
    title: "a web order of an unknown browser leaves without a user agent, never with ours",
    topic: "orders/create",
    in: order({ country: "AU" }, { browser_ip: null, client_details: null }),
    out: { events: [webPurchase(HASHED_BUYERS.AU, { user_data: HASHED_BUYERS.AU })], skipped: [] },
  },
  {
    title: "the visitor id of the pixel is a second external id; its IPv6 address is preferred",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: {
      clientIp: "2001:db8::7",
      userAgent: "Mozilla/5.0 (Macintosh) Safari/605.1",
      clientId: "visitor-0001",
      fbp: "fb.1.1763632800000.1234567890",
      consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    },
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, {
          user_data: {
            ...HASHED_BUYERS.AU,
            external_id: hashed("8880001", "visitor-0001"),
            ...ORDER_BROWSER,
            client_ip_address: "2001:db8::7",
            fbp: "fb.1.1763632800000.1234567890",
          },
        }),
      ],
      skipped: [],
    },
  },
];
