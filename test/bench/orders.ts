import { hash } from "node:crypto";
import { order, PEOPLE } from "../fixtures/order";

/**
 * Synthetic paid web orders of about 8 KB, as Shopify sends them to an app that did not ask for fewer fields. Every one
 * is another person's, so that nothing remembered of one can help with the next.
 */

const COUNTRIES = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];

/** Valid local numbers as people there write them, 10,000 of each. */
const PHONES = {
  US: (four: string) => `(503) 226-${four}`,
  DE: (four: string) => `089 12${four}`,
  GB: (four: string) => `01727 86${four}`,
  AU: (four: string) => `0411 11 ${four}`,
} as const satisfies Record<keyof typeof PEOPLE, (four: string) => string>;

const NAMES = {
  US: ["Jordan", "Mary-Ann", "D’Angelo", "Casey"],
  DE: ["Käthe", "Jürgen", "Anna Lena", "Ömer"],
  GB: ["Robin", "Siân", "Alex", "Morgan"],
  AU: ["Matilda", "Noah", "Zoë", "Banjo"],
} as const satisfies Record<keyof typeof PEOPLE, readonly string[]>;

function money(amount: string): Record<string, unknown> {
  const one = { amount, currency_code: "USD" };
  return { shop_money: one, presentment_money: one };
}

function lineItem(number: number, index: number): Record<string, unknown> {
  const variant = 48_001_000_000 + ((number * 7 + index) % 5_000);
  return {
    id: 15_550_001_000_000 + number * 10 + index,
    admin_graphql_api_id: `gid://shopify/LineItem/${15_550_001_000_000 + number * 10 + index}`,
    attributed_staffs: [],
    current_quantity: 1,
    fulfillable_quantity: 1,
    fulfillment_service: "manual",
    fulfillment_status: null,
    gift_card: false,
    grams: 180,
    name: `Example Tee No. ${index} - Black / M`,
    price: "29.00",
    price_set: money("29.00"),
    product_exists: true,
    product_id: 9_001_000_000 + ((number * 7 + index) % 5_000),
    properties: [{ name: "Gift message", value: "With all good wishes from the whole family" }],
    quantity: 1 + (index % 2),
    requires_shipping: true,
    sales_line_item_group_id: null,
    sku: `TEE-BLK-M-${index}`,
    taxable: true,
    title: `Example Tee No. ${index}`,
    total_discount: "0.00",
    total_discount_set: money("0.00"),
    variant_id: variant,
    variant_inventory_management: "shopify",
    variant_title: "Black / M",
    vendor: "Example Goods",
    tax_lines: [
      { channel_liable: false, price: "2.03", price_set: money("2.03"), rate: 0.07, title: "State Tax" },
      { channel_liable: false, price: "0.29", price_set: money("0.29"), rate: 0.01, title: "County Tax" },
    ],
    duties: [],
    discount_allocations: [],
  };
}

/** The order of customer `number`; all thirteen fields Meta can be told are in it. */
export function orderOf(number: number): Record<string, unknown> {
  const country = COUNTRIES[number % COUNTRIES.length] ?? "US";
  const four = String(1_000 + number)
    .padStart(4, "0")
    .slice(-4);
  const { email: _, ...fixture } = PEOPLE[country];
  const firstName = NAMES[country][Math.floor(number / COUNTRIES.length) % 4] ?? "Jordan";
  const lastName = `${fixture.last_name} ${word(number)}`;
  const email = `${word(number)}.${number}@Example.com`;
  const at = new Date(Date.UTC(2026, 10, 20, 9, 0, number % 3_600)).toISOString().replace(".000Z", "-05:00");
  const address = {
    ...fixture,
    first_name: firstName,
    last_name: lastName,
    name: `${firstName} ${lastName}`,
    phone: PHONES[country](four),
    address1: `${number} ${fixture.address1}`,
    address2: "Second floor, left",
    company: "Example Goods & Sons Ltd.",
    country: country,
    latitude: 45.4215296 + number / 1e6,
    longitude: -75.6971931,
  };
  const id = 6_550_001_000_000 + number;
  const token = hash("md5", String(number), "hex");
  return order(
    { id, checkoutToken: token, country, at },
    {
      app_id: 580_111,
      browser_ip: `203.0.113.${number % 256}`,
      buyer_accepts_marketing: true,
      cancel_reason: null,
      cancelled_at: null,
      cart_token: `hWN${token}`,
      checkout_id: 40_550_001_000_000 + number,
      client_details: {
        accept_language: "en-US",
        browser_height: null,
        browser_ip: `203.0.113.${number % 256}`,
        browser_width: null,
        session_hash: null,
        user_agent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_${number % 10} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1`,
      },
      closed_at: null,
      confirmation_number: `XPAV${number}`,
      confirmed: true,
      contact_email: email,
      current_subtotal_price: "58.00",
      current_subtotal_price_set: money("58.00"),
      current_total_discounts: "0.00",
      current_total_discounts_set: money("0.00"),
      current_total_price: "64.50",
      current_total_price_set: money("64.50"),
      current_total_tax: "0.00",
      current_total_tax_set: money("0.00"),
      customer_locale: "en-US",
      discount_codes: [],
      email,
      estimated_taxes: false,
      merchant_of_record_app_id: null,
      name: `#${number}`,
      note: null,
      note_attributes: [
        { name: "_fbp", value: `fb.1.17636328${String(number).padStart(5, "0")}.10981${number}` },
        { name: "_fbc", value: `fb.1.17951000${String(number).padStart(5, "0")}.IwAR2${token}_aem_${number}` },
        { name: "Delivery day", value: "Friday" },
      ],
      number,
      order_number: number + 1_000,
      payment_gateway_names: ["shopify_payments"],
      landing_site: `/products/tee?utm_source=facebook&utm_medium=paid&utm_campaign=autumn&fbclid=IwAR2${token}_aem_${number}`,
      referring_site: "https://l.facebook.com/",
      order_status_url: `https://shop.example.com/55500001/orders/${token}/authenticate?key=${token}`,
      tags: "autumn, newsletter",
      tax_lines: [{ price: "0.00", rate: 0.07, title: "State Tax", price_set: money("0.00"), channel_liable: false }],
      taxes_included: false,
      total_discounts: "0.00",
      total_line_items_price: "58.00",
      total_line_items_price_set: money("58.00"),
      total_outstanding: "0.00",
      total_tax: "0.00",
      total_tip_received: "0.00",
      total_weight: 360,
      updated_at: at,
      billing_address: address,
      shipping_address: address,
      customer: {
        id: 8_880_001_000_000 + number,
        email,
        created_at: at,
        updated_at: at,
        first_name: firstName,
        last_name: lastName,
        state: "enabled",
        note: null,
        verified_email: true,
        multipass_identifier: null,
        tax_exempt: false,
        phone: null,
        currency: "USD",
        tax_exemptions: [],
        admin_graphql_api_id: `gid://shopify/Customer/${8_880_001_000_000 + number}`,
        default_address: { id: 9_990_001_000_000 + number, customer_id: 8_880_001_000_000 + number, ...address },
      },
      fulfillments: [],
      refunds: [],
      shipping_lines: [
        {
          id: 5_000_001_000_000 + number,
          code: "Standard",
          discounted_price: "6.50",
          discounted_price_set: money("6.50"),
          price: "6.50",
          price_set: money("6.50"),
          source: "shopify",
          title: "Standard",
          tax_lines: [],
          discount_allocations: [],
        },
      ],
      line_items: [lineItem(number, 0), lineItem(number, 1)],
    },
  );
}

/** A surname's second half that is letters only and another for every number. */
function word(number: number): string {
  return [...String(number)].map((digit) => "bcdfghklmn"[Number(digit)]).join("a");
}
