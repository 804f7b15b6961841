import fc from "fast-check";
import type { Topic } from "~/sources/topics";
import { PEOPLE } from "../fixtures/order";

/**
 * Bodies drawn field by field as the schemas know them: each field mostly of a form that is taken, often missing, sometimes
 * odd. Where a mutant harms a good body, these have combinations that no fixture has.
 */

type Body = Record<string, unknown>;

const ODD = fc.constantFrom<unknown[]>(null, "", " ", 0, -1, 1.5, true, [], {}, "<b>", "\u202E", "\u0000", "\ud83d");

/** Mostly the value, else nothing, else something odd. */
function field(value: fc.Arbitrary<unknown>, { odd = 1 }: { odd?: number } = {}): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 16, arbitrary: value },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: odd, arbitrary: ODD },
  );
}

/** A field that must be there for anything to come of the body: rarely odd, or hardly a body would be read. */
function needed(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: ODD });
}

const words = fc.oneof(
  fc.constantFrom(
    "Tee",
    "Käthe",
    "O’Specimen",
    "李",
    "<script>alert(1)</script>",
    "a\u0000b",
    "\u202Eabc",
    "x".repeat(600),
  ),
  fc.string({ unit: "grapheme", maxLength: 30 }),
);
const id = fc.oneof(
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.stringMatching(/^[1-9]\d{0,23}$/),
  fc.constantFrom("gid://shopify/Order/5550001", "820982911946154508", 5550001),
);
const amount = fc.oneof(
  fc.constantFrom("0.00", "64.50", "29.00", "0.000001", "999999999999999.999999", "1200", "12.345", 64.5, 0),
  fc.stringMatching(/^\d{1,15}(\.\d{1,6})?$/),
);
const currency = fc.constantFrom("USD", "EUR", "JPY", "KWD", "usd", "GBP");
const token = fc.oneof(
  fc.constantFrom("0123456789abcdef0123456789abcdef", "hWN".repeat(18)),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,54}$/),
);
/** From eight days before to an hour after the day of all examples. */
const instant = fc
  .oneof(
    { weight: 1, arbitrary: fc.integer({ min: -8 * 86_400, max: 3_600 }) },
    { weight: 6, arbitrary: fc.integer({ min: -86_400, max: 30 }) },
  )
  .map((seconds) => new Date(Date.parse("2026-11-20T10:00:00Z") + seconds * 1000).toISOString());
const ip = fc.oneof(fc.constantFrom("203.0.113.20", "2001:db8::7", "10.0.0.1", "::1"), fc.ipV4(), fc.ipV6());
const url = fc.oneof(
  fc.constantFrom("https://shop.example.com/products/tee?key=secret", "/?fbclid=IwAR0aBc", "javascript:alert(1)"),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);
const pieces = fc.oneof(fc.constantFrom(1, 2, 3, 0, 1_000_000), fc.integer({ min: 0, max: 50 }));
const email = fc.oneof(
  fc.constantFrom("jordan.example@example.com", "Jürgen@müller.example", "none"),
  fc.emailAddress(),
);
const phone = fc.constantFrom("(503) 226-1234", "+61 411 111 111", "0", "089 123456", "+1 650 555 1212 x123");

const address = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(PEOPLE)) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        first_name: words,
        last_name: words,
        phone,
        city: words,
        zip: fc.constantFrom("97201-1234", "AL1 3JE", "80331", 2000, "x"),
        province: words,
        province_code: fc.constantFrom("OR", "CA", "NSW", "??"),
        country_code: fc.constantFrom("US", "DE", "AU", "GB", "UK", "us", "ZZ", ""),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown[]>(null, [], "") },
);
const customer = fc.record(
  { id, email, phone, first_name: words, last_name: words, default_address: address },
  { requiredKeys: [] },
);
const money = fc.record({ amount, currency_code: currency });
const oddMoney = fc.record({ amount: field(amount), currency_code: field(currency) });
/** Mostly both sides whole. */
const moneySet = fc.oneof(
  { weight: 9, arbitrary: fc.record({ shop_money: money, presentment_money: money }) },
  { weight: 1, arbitrary: fc.record({ shop_money: oddMoney, presentment_money: oddMoney }) },
);
const wholeSet = fc.record({ shop_money: money, presentment_money: money });

const line = fc.record({
  product_id: field(id),
  variant_id: field(id),
  sku: field(words),
  vendor: field(words),
  title: field(words),
  quantity: pieces,
  price: field(amount),
  price_set: field(moneySet),
  selling_plan_allocation: field(fc.constantFrom(null, { selling_plan: {} })),
});
const lines = fc.oneof(fc.array(line, { maxLength: 3 }), fc.array(line, { minLength: 1, maxLength: 1 }));
const noteAttributes = fc.array(
  fc.record({
    name: fc.constantFrom("_fbp", "_fbc", "_tandem_consent", "_tandem_client", "gift"),
    value: fc.constantFrom(
      "fb.1.1795000000000.1098115397",
      "fb.1.1795000000000.IwAR0",
      "1111",
      "0000",
      "visitor-1",
      "ü",
    ),
  }),
  { maxLength: 4 },
);

const order: fc.Arbitrary<Body> = fc.record({
  id: needed(id),
  checkout_token: fc.oneof(fc.constantFrom(null, undefined), token),
  source_name: field(
    fc.constantFrom("web", "pos", "shopify_draft_order", "subscription_contract", "3890849", "matrixify", "exchange"),
  ),
  app_id: field(fc.constantFrom(294517, 3890849, 1)),
  tags: field(fc.constantFrom("", "VIP, Exchange", "x")),
  company: field(fc.constantFrom(null, null, { id: 1 })),
  test: field(fc.constantFrom(false, false, false, true)),
  financial_status: field(fc.constantFrom("paid", "paid", "paid", "pending", "voided")),
  cancelled_at: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: instant }),
  processed_at: needed(instant),
  created_at: needed(instant),
  updated_at: field(instant),
  currency: needed(currency),
  total_price: needed(amount),
  taxes_included: field(fc.boolean()),
  total_price_set: fc.oneof({ weight: 9, arbitrary: wholeSet }, { weight: 1, arbitrary: fc.constant(null) }),
  current_total_price_set: field(moneySet),
  subtotal_price_set: field(moneySet),
  total_shipping_price_set: field(moneySet),
  total_tax_set: field(moneySet),
  shipping_lines: field(
    fc.array(fc.record({ tax_lines: fc.array(fc.record({ price_set: field(moneySet) }), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  ),
  email: field(email),
  contact_email: field(email),
  phone: field(phone),
  billing_address: field(address),
  shipping_address: field(address),
  customer: field(customer),
  browser_ip: field(ip),
  client_details: field(fc.record({ browser_ip: field(ip), user_agent: field(words) })),
  landing_site: field(url),
  note_attributes: field(noteAttributes),
  order_status_url: field(url),
  user_id: field(fc.constantFrom(null, 71)),
  line_items: fc.oneof({ weight: 9, arbitrary: lines }, { weight: 1, arbitrary: fc.constant(null) }),
});

const checkout: fc.Arbitrary<Body> = fc.record({
  token: needed(token),
  created_at: needed(instant),
  currency: needed(currency),
  presentment_currency: fc.oneof(fc.constantFrom(null, undefined), currency),
  total_price: fc.oneof(fc.constant(null), amount),
  subtotal_price: fc.oneof(fc.constant(null), amount),
  total_tax: fc.oneof(fc.constant(null), amount),
  email: field(email),
  phone: field(phone),
  billing_address: field(address),
  shipping_address: field(address),
  customer: field(customer),
  landing_site: field(url),
  note_attributes: field(noteAttributes),
  line_items: lines,
});

const refund: fc.Arbitrary<Body> = fc.record({
  id: needed(id),
  order_id: needed(id),
  created_at: needed(instant),
  transactions: fc.array(
    fc.record({
      kind: fc.constantFrom("refund", "refund", "void"),
      status: fc.constantFrom("success", null, "failure"),
      amount: needed(amount),
      currency: fc.oneof(fc.constant("USD"), fc.constant(null), currency),
    }),
    { maxLength: 3 },
  ),
});

const registration: fc.Arbitrary<Body> = fc.record({
  id: needed(id),
  created_at: needed(instant),
  email: field(email),
  phone: field(phone),
  first_name: field(words),
  last_name: field(words),
  default_address: field(address),
  state: field(fc.constantFrom("enabled", "disabled", "invited")),
});

/** By the topics that make events. */
export const DRAWN_BODIES = {
  "orders/create": order,
  "orders/paid": order,
  "checkouts/create": checkout,
  "checkouts/update": checkout,
  "customers/create": registration,
  "refunds/create": refund,
} as const satisfies Partial<Record<Topic, fc.Arbitrary<Body>>>;

const sha256 = fc.constantFrom(
  "a".repeat(64),
  "0123456789abcdef".repeat(4),
  // Of an empty text: everybody's.
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
);

const beaconLine = fc.record({
  product: field(id),
  variant: field(id),
  sku: field(words),
  vendor: field(words),
  title: field(words),
  type: field(words),
  subscription: field(fc.boolean()),
  quantity: pieces,
  price: field(amount),
});

/** What a page may post to /collect, without shop and key. */
export const drawnBeacon: fc.Arbitrary<Body> = fc.record({
  v: fc.constant(1),
  shop: fc.constant("example-shop.myshopify.com"),
  key: fc.constant("key"),
  name: fc.constantFrom(
    "page_viewed",
    "product_viewed",
    "search_submitted",
    "product_added_to_cart",
    "checkout_started",
    "payment_info_submitted",
    "checkout_completed",
  ),
  id: needed(fc.oneof(fc.constant("s".repeat(64)), fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/))),
  timestamp: needed(instant),
  client_id: fc.oneof(fc.constant(null), fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)),
  checkout_token: fc.oneof(fc.constant(undefined), token),
  consent: fc.record({
    analytics: fc.boolean(),
    marketing: fc.constantFrom(true, true, true, false),
    preferences: fc.boolean(),
    saleOfData: fc.boolean(),
  }),
  fbp: field(fc.constantFrom("fb.1.1795000000000.1098115397", "fb.1.x")),
  fbc: field(fc.constantFrom("fb.1.1795000000000.IwAR0", "fb.1.1700000000000.old", "fb.1.1795000000000.ü")),
  url: field(url),
  referrer: field(url),
  tr: fc.constantFrom("resolved", "not_attempted", "unknown"),
  user_data: fc.oneof(
    fc.constant(null),
    fc.record({ em: fc.array(sha256, { maxLength: 3 }), external_id: fc.array(sha256, { maxLength: 2 }) }),
  ),
  data: fc.oneof(
    fc.constant(null),
    fc.record({
      currency: field(currency),
      total: fc.oneof(fc.constant(undefined), amount),
      subtotal: fc.oneof(fc.constant(null), amount),
      shipping: fc.oneof(fc.constant(null), amount),
      tax: fc.oneof(fc.constant(null), amount),
      lines: fc.array(beaconLine, { maxLength: 3 }),
      country: field(fc.constantFrom("US", "DE", "AU", "us", "??")),
      search: field(words),
    }),
  ),
});
