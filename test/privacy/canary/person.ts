import { GIVEN } from "../../fixtures/beacon";
import { TOKEN } from "../../support/pipeline";

/** One shopper whom nothing else in the world can be mistaken for; synthetic in every word. */

type Json = Record<string, unknown>;

const CLICK = "IwARcanaryQxZ7click93";
/** A click of long ago would not be sent. */
const clickedAt = Date.now();

export const EMAIL = "Quillon.Vexworthy+canary@example.com";
export const PHONE = "+1 (503) 555-0147";
const FIRST_NAME = "Quillonius";
export const LAST_NAME = "Vexworthy";
export const STREET = "1947 Zyxwren Crescent";
const SECOND_LINE = "Attic Jabberwockle";
const CITY = "Thimblecombe";
const BORN = "1931-08-23";
export const IP = "203.0.113.177";
export const USER_AGENT =
  "Mozilla/5.0 (Zephyrphone; CPU Zephyr OS 19_3) AppleWebKit/605.1.15 (KHTML, like Gecko) QuirkBrowser/77.31";
const FBP = `fb.1.${clickedAt}.7719283746`;
const FBC = `fb.1.${clickedAt}.${CLICK}`;
const CHECKOUT_KEY = "canarykey8842opensthecheckout";
const PAGE = `https://shop.example.com/products/tee?email=${encodeURIComponent(EMAIL)}&fbclid=${CLICK}`;

/** Whom it is about. Never in the open anywhere, whoever looks. */
export const IDENTITY: readonly string[] = [
  EMAIL,
  "Quillon.Vexworthy",
  PHONE,
  "+15035550147",
  "5035550147",
  "503-555-0147",
  "503.555.0147",
  "503 555 0147",
  "(503) 555-0147",
  FIRST_NAME,
  LAST_NAME,
  STREET,
  "Zyxwren",
  SECOND_LINE,
  CITY,
  BORN,
  "08/23/1931",
];

/** What Meta wants as it is: sealed wherever it is kept. */
export const BROWSER: readonly string[] = [
  IP,
  USER_AGENT,
  "Zephyrphone",
  "QuirkBrowser",
  FBP,
  FBC,
  CLICK,
  CHECKOUT_KEY,
];

/** What opens doors: nobody is told. */
export const SECRETS: readonly string[] = [TOKEN];

const ADDRESS = {
  first_name: FIRST_NAME,
  last_name: LAST_NAME,
  name: `${FIRST_NAME} ${LAST_NAME}`,
  company: `${LAST_NAME} & Daughters`,
  address1: STREET,
  address2: SECOND_LINE,
  city: CITY,
  zip: "97299-7261",
  province: "Oregon",
  province_code: "OR",
  country_code: "US",
  phone: PHONE,
  latitude: 45.5,
};

const CUSTOMER = {
  id: 8_880_147,
  email: EMAIL,
  phone: "503-555-0147",
  first_name: FIRST_NAME,
  last_name: LAST_NAME,
  birthday: BORN,
  note: `born ${BORN} in ${CITY}`,
  default_address: ADDRESS,
  addresses: [ADDRESS],
};

const money = (amount: string) => ({
  shop_money: { amount, currency_code: "USD" },
  presentment_money: { amount, currency_code: "USD" },
});

/** The body of any topic: all that any of them reads, and the shopper in every corner. `n` tells one from another. */
export function bodyOf(n: number): Json {
  const when = new Date().toISOString();
  return {
    id: 5_000_000 + n,
    token: tokenOf(n),
    checkout_token: tokenOf(n),
    cart_token: "Z2NwLWV4YW1wbGU6MDFFWEFNUExF",
    order_id: 5_000_000 + n,
    order_edit: { order_id: 5_000_000 + n, staff_note: `called ${PHONE}` },
    source_name: "web",
    test: false,
    created_at: when,
    updated_at: when,
    processed_at: when,
    currency: "USD",
    presentment_currency: "USD",
    total_price: "64.50",
    subtotal_price: "58.00",
    total_tax: "0.00",
    total_price_set: money("64.50"),
    subtotal_price_set: money("58.00"),
    total_shipping_price_set: money("6.50"),
    total_tax_set: money("0.00"),
    current_total_price_set: money("64.50"),
    email: EMAIL,
    contact_email: EMAIL.toUpperCase(),
    phone: "503.555.0147",
    first_name: FIRST_NAME,
    last_name: LAST_NAME,
    verified_email: true,
    billing_address: ADDRESS,
    shipping_address: ADDRESS,
    default_address: ADDRESS,
    customer: CUSTOMER,
    browser_ip: IP,
    client_details: { browser_ip: IP, user_agent: USER_AGENT, accept_language: "en" },
    landing_site: `/products/tee?fbclid=${CLICK}&email=${EMAIL}`,
    referring_site: PAGE,
    note: `ring ${FIRST_NAME} on 503 555 0147`,
    note_attributes: [
      { name: "_fbp", value: FBP },
      { name: "_fbc", value: FBC },
      { name: "_tandem_consent", value: "1111" },
      { name: "_tandem_client", value: "visitor-of-the-canary" },
      { name: EMAIL, value: STREET },
      { name: "gift for", value: `${FIRST_NAME} ${LAST_NAME}` },
    ],
    order_status_url: `https://shop.example.com/1/orders/abc/authenticate?key=${CHECKOUT_KEY}`,
    abandoned_checkout_url: `https://shop.example.com/1/checkouts/ac/x/recover?key=${CHECKOUT_KEY}`,
    user_id: null,
    financial_status: "paid",
    payment_details: { credit_card_name: `${FIRST_NAME} ${LAST_NAME}` },
    shipping_lines: [{ title: "Standard", phone: PHONE }],
    fulfillments: [{ destination: ADDRESS }],
    transactions: [{ id: 1, amount: "29.00", currency: "USD", kind: "refund", receipt: { payer: EMAIL } }],
    line_items: [
      {
        id: 1,
        product_id: 9001,
        variant_id: 48001,
        sku: "TEE-BLK-M",
        vendor: "Example Goods",
        title: "Tee",
        quantity: 2,
        price: "29.00",
        price_set: money("29.00"),
        properties: [{ name: "Engraving", value: `${FIRST_NAME} ${LAST_NAME}` }],
      },
    ],
    title: "Tee",
    vendor: "Example Goods",
    product_type: "Shirts",
    tags: "organic, summer",
    name: "Example Shop",
    shop_owner: `${FIRST_NAME} ${LAST_NAME}`,
    shop_id: 7001,
    shop_domain: "example-shop.myshopify.com",
    previous: ["read_orders"],
    current: ["read_orders", "write_pixels"],
    orders_requested: [5_000_000 + n],
    orders_to_redact: [5_000_000 + n],
    data_request: { id: 9999 },
  };
}

/** A beacon of any name, without its shop and key. */
export function beaconOf(name: string, n: number): Json {
  return {
    v: 1,
    name,
    id: `sh-canary-${name}-${n}`,
    timestamp: new Date().toISOString(),
    client_id: "visitor-of-the-canary",
    checkout_token: tokenOf(n),
    consent: GIVEN,
    fbp: FBP,
    fbc: FBC,
    url: PAGE,
    referrer: PAGE,
    tr: "resolved",
    email: EMAIL,
    [EMAIL]: STREET,
    data: {
      currency: "USD",
      total: 64.5,
      country: "US",
      search: `${EMAIL} ${PHONE}`,
      lines: [{ product: "9001", variant: "48001", sku: "TEE-BLK-M", title: "Tee", quantity: 2, price: 29 }],
    },
  };
}

/** What `tandem match-keys` is asked about. */
export const RAW_KEYS: Json = {
  em: EMAIL,
  ph: PHONE,
  fn: FIRST_NAME,
  ln: LAST_NAME,
  db: BORN,
  ct: CITY,
  zp: "97299-7261",
  country: "US",
  client_ip_address: IP,
  client_user_agent: USER_AGENT,
  fbp: FBP,
  fbc: FBC,
};

function tokenOf(n: number): string {
  return n.toString(16).padStart(32, "c");
}
