import { z } from "zod";
import { idDigits } from "../events/event-id";

/**
 * The kinds of fields that senders use. Two families: what an event cannot do without (ids, money, time) is refused with
 * its path; what only helps to recognise a person is dropped when it makes no sense, so that it never costs the event.
 */

const LONGEST_TEXT = 500;

/** A text that only helps: absent, null, '', of another type or absurdly long all mean "not known". Numbers count as text. */
export const helpfulText = z
  .union([z.string().max(LONGEST_TEXT), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || String(value).trim() === "" ? null : String(value)))
  .catch(null);

/** A long text that only helps (URLs, user agents). */
export const helpfulLongText = z
  .string()
  .max(4_096)
  .nullish()
  .transform((value) => (value?.trim() ? value : null))
  .catch(null);

export const helpfulFlag = z.boolean().nullish().catch(null);

/** An id in any of Shopify's forms, as its digits. */
export const id = z.union([z.string(), z.number().int()], { message: "must be an id" }).transform((value, context) => {
  const digits = idDigits(value);
  if (digits !== null && digits.length <= 24) return digits;
  context.addIssue({ code: "custom", message: "must be an id" });
  return z.NEVER;
});

/** An id that may be missing; one that is there but is none is refused. */
export const optionalId = z.preprocess((value) => (value === "" || value === null ? undefined : value), id.optional());

export const helpfulId = optionalId.catch(undefined);

const DECIMAL = /^\d{1,15}(?:\.\d{1,6})?$/;

/** An amount of money, never negative, as an exact decimal string. Webhooks send strings, beacons numbers. */
export const amount = z
  .union([z.string(), z.number()], { message: "must be an amount" })
  .transform((value) => String(value).trim())
  .refine((value) => DECIMAL.test(value), { message: "must be an amount of zero or more" });

const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** ISO 4217. No default, ever: an amount without its currency is worth nothing. */
export const currency = z
  .string({ message: "must be a currency code" })
  .transform((value) => value.trim().toUpperCase())
  .refine((value) => CURRENCIES.has(value), { message: "must be an ISO 4217 currency code" });

/** An instant with its offset, as epoch milliseconds. */
export const instant = z
  .string({ message: "must be a time" })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/, "must be an ISO 8601 time with an offset")
  .transform((value, context) => {
    const at = Date.parse(value);
    if (Number.isFinite(at)) return at;
    context.addIssue({ code: "custom", message: "must be a time" });
    return z.NEVER;
  });

/** Shopify's token of a checkout: opaque, the same in pixel, checkout and order. */
export const checkoutToken = z.string().regex(/^[A-Za-z0-9_-]{1,54}$/, "must be a checkout token");

export const optionalCheckoutToken = z.preprocess(
  (value) => (value === "" || value === null ? undefined : value),
  checkoutToken.optional(),
);

const moneyOf = z.object({ amount, currency_code: currency });

/** Shopify's `*_set`: the same sum in the shop's and in the buyer's currency. */
export const moneySet = z.object({ shop_money: moneyOf, presentment_money: moneyOf });

/** A `*_set` that only helps. */
export const helpfulMoneySet = moneySet.nullish().catch(null);

/** Pieces of one line; more than a million is a mistake, and sums of it would leave what a number can hold. */
export const quantity = z.number({ message: "must be a whole number" }).int().min(0).max(1_000_000);
