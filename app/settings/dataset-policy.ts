import { z } from "zod";
import { CONTENT_ID_FORMAT_NAMES, type ContentIdFormat } from "../events/content-id-formats";
import type { Filter } from "../events/page-filter";
import { VALUE_BASIS_NAMES, VALUE_MONEY_NAMES, type ValueBasis, type ValueMoney } from "../events/value";
import { togglesSchema } from "./toggles";

/** When an order counts. */
export const PURCHASE_TRIGGERS = {
  order: { label: "When the order is placed", help: "The usual choice: both legs, at once." },
  payment: {
    label: "When the order is paid",
    help: "For cash on delivery and bank transfer. The browser cannot know, so its Purchase leg is off.",
  },
} as const satisfies Record<string, { label: string; help: string }>;

export type PurchaseTrigger = keyof typeof PURCHASE_TRIGGERS;
const PURCHASE_TRIGGER_NAMES = Object.keys(PURCHASE_TRIGGERS) as [PurchaseTrigger, ...PurchaseTrigger[]];

const MOST_FILTERS = 50;
/** There are 249, and Kosovo. */
const MOST_COUNTRIES = 250;

const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9.-]{1,253}$/, "must be a host such as shop.example.com, without https://");
const path = z
  .string()
  .trim()
  .regex(/^\/[\x21-\x7e]{0,200}$/, "must be the beginning of a path, such as /en-gb/");
const country = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, "must be a two-letter country code such as DE");

/** One of the shop's markets as it was when it was chosen. */
const market = z.strictObject({
  /** Shopify's. */
  handle: z.string().min(1).max(255),
  name: z.string().max(255),
  countries: z.array(country).max(MOST_COUNTRIES),
});

/** What reaches a dataset at all; an empty list lets everything through. */
const filterSchema = z.strictObject({
  /** Of the page, for events before the checkout. */
  hosts: z.array(host).max(MOST_FILTERS).default([]),
  /** How the page's path begins, for events before the checkout. */
  paths: z.array(path).max(MOST_FILTERS).default([]),
  /** Of the address, from the checkout on. ISO alpha-2, upper case. */
  countries: z.array(country).max(MOST_COUNTRIES).default([]),
  /** The same by market: a market stands for its countries. */
  markets: z.array(market).max(MOST_FILTERS).default([]),
});

/** How one dataset wants its events. What a stored document leaves out has the default. */
export const policySchema = z.strictObject({
  /** Where it differs from the shop's own toggles. */
  toggles: togglesSchema.default({}),
  trigger: z.enum(PURCHASE_TRIGGER_NAMES).default("order"),
  value: z
    .strictObject({
      basis: z.enum(VALUE_BASIS_NAMES as [ValueBasis, ...ValueBasis[]]).default("total"),
      money: z.enum(VALUE_MONEY_NAMES as [ValueMoney, ...ValueMoney[]]).default("presentment"),
    })
    .prefault({}),
  contentId: z.enum(CONTENT_ID_FORMAT_NAMES as [ContentIdFormat, ...ContentIdFormat[]]).default("variant"),
  filter: filterSchema.prefault({}),
  /** Meta restricts the category: no paths, names, search words or parameters of our own. */
  restricted: z.boolean().default(false),
  /** Events before the checkout carry what an earlier checkout in the same browser told of who shops there. */
  recognise: z.boolean().default(false),
});

export type DatasetPolicy = z.output<typeof policySchema>;

export const DEFAULT_POLICY: DatasetPolicy = policySchema.parse({});

/** What reaches a dataset, its markets as countries. A market that has none lets nothing through. */
export function filterOf({ filter: { hosts, paths, countries, markets } }: Pick<DatasetPolicy, "filter">) {
  if (countries.length + markets.length === 0) return { hosts, paths, countries } satisfies Filter;
  const all = new Set([
    ...countries,
    ...markets.flatMap((one) => (one.countries.length === 0 ? [NOWHERE] : one.countries)),
  ]);
  return { hosts, paths, countries: [...all] } satisfies Filter;
}

/** No country's code. */
const NOWHERE = "";

/** What is known of the shop that decides what a browser can compute. */
export interface ShopMoney {
  /** ISO 4217 of the shop itself; null: unknown. */
  currency: string | null;
  /** All currencies it sells in; null: unknown. */
  currencies: readonly string[] | null;
  /** Whether its prices have their tax in them; null: unknown. */
  taxesIncluded: boolean | null;
}

/** Why a dataset's Purchase cannot leave from the browser, in a sentence; null: it can. */
export function browserPurchaseObstacle({ trigger, value }: DatasetPolicy, shop: ShopMoney): string | null {
  if (trigger === "payment") return "Purchases count when they are paid, and a browser is not there to see that.";
  if (browserValue({ value }, shop) !== null) return null;
  return value.money === "shop" && !sellsInOneCurrency(shop)
    ? "The value is told in the shop's currency, and a browser only knows the customer's."
    : "Tax is to be taken out of the prices, and a browser does not know how much of it is on shipping.";
}

/** Which of its sums a browser tells as the value; null: none is the one this dataset wants. */
export function browserValue({ value }: Pick<DatasetPolicy, "value">, shop: ShopMoney): "total" | "subtotal" | null {
  if (value.money === "shop" && !sellsInOneCurrency(shop)) return null;
  if (value.basis !== "goods") return value.basis;
  return shop.taxesIncluded === false ? "subtotal" : null;
}

function sellsInOneCurrency({ currency, currencies }: ShopMoney): boolean {
  return currency !== null && currencies?.every((one) => one === currency) === true;
}
