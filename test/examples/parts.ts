import { hashed, seconds } from "./example";

/** The recurring parts of expected events: the fixtures' buyers as Meta knows them, and the order they place. */

/** One user_data per buyer of test/fixtures/order.ts: every hashed key a Shopify order can give, normalised. */
export const HASHED_BUYERS = {
  US: {
    em: hashed("jordan.example@example.com"),
    ph: hashed("15032261234"),
    fn: hashed("jordan"),
    ln: hashed("example"),
    ct: hashed("portland"),
    st: hashed("or"),
    zp: hashed("97201"),
    country: hashed("us"),
    external_id: hashed("8880001"),
  },
  DE: {
    em: hashed("kaethe@example.de"),
    ph: hashed("4989123456"),
    fn: hashed("käthe"),
    ln: hashed("mustermann"),
    ct: hashed("münchen"),
    st: hashed("bayern"),
    zp: hashed("80331"),
    country: hashed("de"),
    external_id: hashed("8880001"),
  },
  GB: {
    em: hashed("robin@example.co.uk"),
    ph: hashed("441727866100"),
    fn: hashed("robin"),
    ln: hashed("ospecimen"),
    ct: hashed("stalbans"),
    st: hashed("england"),
    zp: hashed("al13je"),
    country: hashed("gb"),
    external_id: hashed("8880001"),
  },
  AU: {
    em: hashed("matilda@example.com.au"),
    ph: hashed("61411111111"),
    fn: hashed("matilda"),
    ln: hashed("sample"),
    ct: hashed("sydney"),
    st: hashed("newsouthwales"),
    zp: hashed("2000"),
    country: hashed("au"),
    external_id: hashed("8880001"),
  },
} as const;

/** The buyer's browser as Shopify's order tells of it; Meta wants both raw. */
export const ORDER_BROWSER = {
  client_ip_address: "203.0.113.20",
  client_user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
};

/** What was bought: two of one variant, for 64.50 with shipping. */
export const TWO_TEES = {
  value: 64.5,
  currency: "USD",
  content_ids: ["48001"],
  content_type: "product",
  contents: [{ id: "48001", quantity: 2, item_price: 29 }],
  content_name: "Tee",
  num_items: 2,
};

/** The same, as an order. */
export const ORDER_OF_TWO_TEES = { ...TWO_TEES, order_id: "5550001" };

export const TOKEN = "0123456789abcdef0123456789abcdef";

/** A Purchase of one of the fixtures' buyers that no browser made. */
export function offlinePurchase(
  source: "physical_store" | "system_generated",
  userData: Record<string, unknown>,
  over: Record<string, unknown> = {},
) {
  return {
    event_name: "Purchase",
    event_time: seconds("2026-11-20T09:58:00Z"),
    event_id: "purchase.o5550001",
    action_source: source,
    user_data: userData,
    custom_data: ORDER_OF_TWO_TEES,
    ...over,
  };
}

/** A web Purchase as it leaves, whoever bought it; an example replaces what differs. */
export function webPurchase(userData: Record<string, unknown>, over: Record<string, unknown> = {}) {
  return {
    event_name: "Purchase",
    event_time: seconds("2026-11-20T09:58:00Z"),
    event_id: `purchase.${TOKEN}`,
    action_source: "website",
    event_source_url: "https://shop.example.com/",
    user_data: { ...userData, ...ORDER_BROWSER },
    custom_data: ORDER_OF_TWO_TEES,
    ...over,
  };
}

/** Limited Data Use for a US state by Meta's number; 0: Meta works it out from the IP. */
export function limitedDataUse(state: number) {
  return {
    data_processing_options: ["LDU"],
    data_processing_options_country: state === 0 ? 0 : 1,
    data_processing_options_state: state,
  };
}
