import { z } from "zod";
import { idDigits } from "../events/event-id";

/**
 * The kinds of fields that senders use. Two families: what an event cannot do without (ids, money, time) is refused with
 * its path; what only helps to recognise a person is dropped when it makes no sense, so that it never costs the event.
 */

const LONGEST_TEXT = 500;
const LONGEST_LONG_TEXT = 4_096;

/** A text that only helps: absent, null, '', of another type or absurdly long all mean "not known". Numbers count as text. */
export function textOf(value: unknown): string | null {
  const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  return typeof text === "string" && text.length <= LONGEST_TEXT && !isBlank(text) ? text : null;
}

/** Most texts begin with something to see, and need not be trimmed to know. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && text.trim() === "";
}

export const helpfulText = z.transform(textOf);

/** A word out of a vendor's list, lower case. */
export function wordOf(value: unknown): string | null {
  return textOf(value)?.trim().toLowerCase() ?? null;
}

export const helpfulWord = z.transform(wordOf);

/** A long text that only helps (URLs, user agents). */
export function longTextOf(value: unknown): string | null {
  return typeof value === "string" && value.length <= LONGEST_LONG_TEXT && !isBlank(value) ? value : null;
}

export const helpfulLongText = z.transform(longTextOf);

export function flagOf(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export const helpfulFlag = z.transform(flagOf);

const NOBODYS = /^0+$/;

/** An id in any of Shopify's forms, as its digits; undefined when it is none. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const digits = idDigits(value);
  return digits !== null && digits.length <= 24 && !NOBODYS.test(digits) ? digits : undefined;
}

export const id = required(idOf, "must be an id");

/** An id that may be missing; one that is there but is none is refused. */
export const optionalId = optional(idOf, "must be an id");

export const helpfulId = z.transform(idOf);

const DECIMAL = /^\d{1,15}(?:\.\d{1,6})?$/;

/** An amount of money, never negative, as an exact decimal string. Webhooks send strings, beacons numbers. */
export function amountOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  return DECIMAL.test(text) ? text : undefined;
}

export const amount = required(amountOf, "must be an amount of zero or more");

/** An amount that may be missing; one that is there but is none is refused. */
export const optionalAmount = optional(amountOf, "must be an amount of zero or more");

/** An amount that only helps. */
export const helpfulAmount = z.transform((value): string | null => amountOf(value) ?? null);

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

export function currencyOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (CURRENCIES.has(value)) return value;
  const code = value.trim().toUpperCase();
  return CURRENCIES.has(code) ? code : undefined;
}

/** ISO 4217. No default, ever: an amount without its currency is worth nothing. */
export const currency = required(currencyOf, "must be an ISO 4217 currency code");

export const optionalCurrency = optional(currencyOf, "must be an ISO 4217 currency code");

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

export function instantOf(value: unknown): number | undefined {
  const at = typeof value === "string" && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

/** An instant with its offset, as epoch milliseconds. */
export const instant = required(instantOf, "must be an ISO 8601 time with an offset");

/** An instant that may be missing; one that is there but is none is refused. */
export const optionalInstant = optional(instantOf, "must be an ISO 8601 time with an offset");

/** An instant that only helps. */
export const helpfulInstant = z.transform((value): number | null => instantOf(value) ?? null);

const CHECKOUT_TOKEN = /^[A-Za-z0-9_-]{1,54}$/;

export function checkoutTokenOf(value: unknown): string | undefined {
  return typeof value === "string" && CHECKOUT_TOKEN.test(value) ? value : undefined;
}

/** Shopify's token of a checkout: opaque, the same in pixel, checkout and order. */
export const checkoutToken = required(checkoutTokenOf, "must be a checkout token");

export const optionalCheckoutToken = optional(checkoutTokenOf, "must be a checkout token");

const money = z.object({ amount, currency_code: currency });

/** Shopify's `*_set`: the same sum in the shop's and in the buyer's currency. */
export const moneySet = z.object({ shop_money: money, presentment_money: money });

export type MoneySet = z.output<typeof moneySet>;

/** A `*_set` that only helps. In one step: an order has eight of them, and nothing in them can be refused. */
export const helpfulMoneySet = z.transform(moneySetOf);

export function moneySetOf(value: unknown): MoneySet | null {
  if (!isRecord(value)) return null;
  const shop_money = moneyOf(value.shop_money);
  const presentment_money = moneyOf(value.presentment_money);
  return shop_money && presentment_money ? { shop_money, presentment_money } : null;
}

function moneyOf(value: unknown): z.output<typeof money> | null {
  if (!isRecord(value)) return null;
  const amount = amountOf(value.amount);
  const currency_code = currencyOf(value.currency_code);
  return amount === undefined || currency_code === undefined ? null : { amount, currency_code };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pieces of one line; more than a million is a mistake, and sums of it would leave what a number can hold. */
const MOST_PIECES = 1_000_000;
export const quantity = z.number({ message: "must be a whole number" }).int().min(0).max(MOST_PIECES);

export function isQuantity(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_PIECES;
}

/**
 * One function per field, not a chain of zod's own types: an order has a hundred fields, and every link of such a chain
 * takes its time. `read` gives undefined for what makes no sense.
 */
function required<Value>(read: (value: unknown) => Value | undefined, message: string) {
  return z.transform((value, context): Value => {
    const known = read(value);
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** The same, where nothing at all (absent, null, '') makes sense too. */
function optional<Value>(read: (value: unknown) => Value | undefined, message: string) {
  return z.transform((value, context): Value | undefined => {
    if (value === undefined || value === null || value === "") return undefined;
    const known = read(value);
    if (known === undefined) context.addIssue({ code: "custom", message });
    return known;
  });
}

/** A part that may be missing, as null then; one that is there must be as its schema says. */
export function optionalPart<Output>(schema: z.ZodType<Output>): z.ZodType<Output | null> {
  return z.preprocess((value) => (isThere(value) ? value : null), schema.nullable());
}

/** Whether anything is said at all. */
export function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
