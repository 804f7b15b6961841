import {
  amount,
  type Check,
  type Fields,
  type Flaw,
  flaw,
  integer,
  listOf,
  objectWith,
  oneOf,
  text,
  within,
} from "./checks";
import type { JsonObject } from "./types";

/** ISO 4217 keeps XXX for "no currency" and XTS for tests; neither is money. */
const NOT_MONEY = ["XXX", "XTS"];
const CURRENCIES = new Set(Intl.supportedValuesOf("currency").filter((code) => !NOT_MONEY.includes(code)));

const currency: Check = (value) =>
  typeof value === "string" && CURRENCIES.has(value) ? null : flaw("Must be an ISO 4217 code in upper case.");

const deliveryCategory = oneOf(["in_store", "curbside", "home_delivery"]);

const content = objectWith(
  {
    id: text(),
    quantity: integer(1),
    item_price: amount(0),
    delivery_category: deliveryCategory,
    title: text(),
    description: text(),
    brand: text(),
    category: text(),
  },
  { required: ["id", "quantity"] },
);

/** Standard parameters; others are the advertiser's own and pass. https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/custom-data */
const FIELDS: Fields = {
  value: amount(0),
  currency,
  content_ids: listOf(text()),
  content_type: oneOf(["product", "product_group"]),
  content_name: text(),
  content_category: text(),
  contents: listOf(content),
  num_items: integer(0),
  order_id: text(),
  search_string: text(),
  predicted_ltv: amount(),
  net_revenue: amount(),
  delivery_category: deliveryCategory,
  item_number: text(),
};

/** What it was worth and what was in it. */
export const customData: Check = objectWith(FIELDS, { open: true });

const positive = amount(0);

/** Money comes as a pair, and a Purchase never without it. `custom` is the event's custom_data, empty when absent. */
export function money(eventName: unknown, custom: JsonObject): Flaw | null {
  const hasValue = Object.hasOwn(custom, "value");
  const hasCurrency = Object.hasOwn(custom, "currency");
  if (eventName === "Purchase") {
    const odd = positive(custom.value);
    if (odd) return inCustomData("value", flaw(odd.why, "purchaseWithoutValue"));
    if (!hasCurrency) return inCustomData("currency", flaw("A Purchase needs a currency."));
  }
  if (hasValue === hasCurrency) return null;
  return inCustomData(hasValue ? "currency" : "value", flaw("value and currency come together."));
}

function inCustomData(field: string, inner: Flaw): Flaw {
  return within("custom_data", within(field, inner));
}
