import { z } from "zod";
import { COMPARED_EVENTS, TR_REPORTS, type TrReport } from "../events/browser-copy";
import {
  type Amounts,
  type BrowserContext,
  type Facts,
  noFacts,
  type TandemEvent,
  unknownBrowser,
} from "../events/event";
import { addPaymentInfoId, initiateCheckoutId, purchaseIdOfCheckout } from "../events/event-id";
import { PIXEL_EVENT_NAMES, PIXEL_NAMES, type PixelEventName } from "../events/names";
import { publicSearchWords } from "../events/search-words";
import { deviceFamily } from "./device";
import { amount, currency, helpfulLongText, helpfulText, instant, optionalCheckoutToken } from "./fields";
import { beaconLine, beaconLinesOf } from "./lines";

/** SHA-256 of nothing: whoever sent it hashed an empty field, and Meta would refuse the event for it. */
const OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** SHA-256 in lower-case hex: the pixel hashes in the browser, nothing else is taken. */
const hashes = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .max(5)
  .transform((given) => given.filter((hash) => hash !== OF_NOTHING));

const HASHED_KEYS = ["em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id"] as const;

/** The most that a beacon takes: there may have been more. */
const MOST_LINES = 250;

/** Whose a beacon says it is: looked at before the rest, for most of a flood ends here. */
export const addresseeSchema = z.object({ shop: z.string().max(100), key: z.string().max(64) });

export type Addressee = z.output<typeof addresseeSchema>;

/** What the web pixel posts to /collect. Everything in it is untrusted. */
export const beaconSchema = addresseeSchema.extend({
  v: z.literal(1),
  /** Shopify's event name. */
  name: z.string().max(64),
  /** Shopify's event id. */
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/),
  timestamp: instant,
  client_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .nullish(),
  checkout_token: optionalCheckoutToken,
  consent: z.object({
    analytics: z.boolean(),
    marketing: z.boolean(),
    preferences: z.boolean(),
    saleOfData: z.boolean(),
  }),
  fbp: helpfulText,
  fbc: helpfulLongText,
  url: helpfulLongText,
  referrer: helpfulLongText,
  /** How the browser's own copy to /tr fared. */
  tr: z.enum(TR_REPORTS),
  user_data: z.partialRecord(z.enum(HASHED_KEYS), hashes).nullish(),
  data: z
    .object({
      // A currency that is none costs the event its value, not its life.
      currency: currency.optional().catch(undefined),
      total: amount.optional(),
      subtotal: amount.nullish(),
      shipping: amount.nullish(),
      tax: amount.nullish(),
      lines: z.array(beaconLine).max(MOST_LINES).optional(),
      /** ISO alpha-2: of the address, or of where the checkout believes the shopper is. */
      country: helpfulText,
      search: helpfulText,
    })
    .nullish(),
});

export type Beacon = z.output<typeof beaconSchema>;

export interface BeaconReading {
  /** Null: it only tells of the browser (a completed checkout, a contact step). */
  event: TandemEvent | null;
  /** Hashed in the browser. */
  matchKeys: Record<string, string[]>;
  browser: BrowserContext;
  checkoutToken: string | null;
  /** What became of the browser's own copy of an event; null: this beacon speaks of none. */
  copy: ToldCopy | null;
}

/** What a beacon tells of the browser's own copy of an event. */
export interface ToldCopy {
  name: PixelEventName;
  eventId: string;
  tr: TrReport;
  /** ISO alpha-2, null where the checkout knew none; undefined: an older pixel does not say. */
  country: string | null | undefined;
  /** Of what it told Meta; null: it was not said, or is not compared. */
  facts: Facts | null;
  /** Whether all its lines are among the facts, with all their names. */
  whole: boolean;
}

const BY_PIXEL_NAME = new Map<string, PixelEventName>(PIXEL_EVENT_NAMES.map((name) => [PIXEL_NAMES[name], name]));

/** How an event born in the browser is named; null: a beacon may not make it. */
function eventIdOf(name: PixelEventName, body: Beacon): string | null {
  const token = body.checkout_token;
  switch (name) {
    case "Purchase":
      return null;
    case "InitiateCheckout":
      return token === undefined ? null : initiateCheckoutId(token);
    case "AddPaymentInfo":
      return token === undefined ? null : addPaymentInfoId(token);
    default:
      return body.id;
  }
}

/** What a request itself says of the browser. */
export interface Connection {
  ip: string | null;
  userAgent: string | null;
  /** The browser asks not to have its shopper's data sold: https://www.w3.org/TR/gpc/ */
  globalPrivacyControl: boolean;
}

export function readBeacon(body: Beacon, { ip, userAgent, globalPrivacyControl }: Connection): BeaconReading {
  const { consent } = body;
  const event = eventOf(body, userAgent);
  const browser: BrowserContext = {
    ...unknownBrowser(),
    ip,
    userAgent,
    fbp: body.fbp,
    fbc: body.fbc,
    url: body.url,
    referrer: body.referrer,
    clientId: body.client_id ?? null,
    consent: globalPrivacyControl ? { ...consent, saleOfData: false, globalPrivacyControl } : consent,
  };
  return {
    event,
    matchKeys: body.user_data ?? {},
    browser,
    checkoutToken: body.checkout_token ?? null,
    copy: copyOf(body, event?.facts ?? null),
  };
}

/** The pixel names a Purchase as the server does; without a token it would have to be told by its order, which it may not invent. */
function copyOf(body: Beacon, facts: Facts | null): BeaconReading["copy"] {
  const name = BY_PIXEL_NAME.get(body.name);
  if (name === undefined) return null;
  const token = body.checkout_token;
  const eventId = name === "Purchase" && token !== undefined ? purchaseIdOfCheckout(token) : eventIdOf(name, body);
  if (eventId === null) return null;
  const compared = COMPARED_EVENTS.some((one) => one === name) && body.tr !== "not_attempted" && body.data;
  const told = compared ? (facts ?? factsOf(body, null)) : null;
  const country = body.data ? countryOf(body.data) : undefined;
  return { name, eventId, tr: body.tr, country, facts: told, whole: told !== null && isWhole(told) };
}

/** A pixel that runs out of room leaves out names: a product without its title lost it on the way, and its SKU perhaps too. */
function isWhole({ lines }: Facts): boolean {
  const named = lines.every(({ product, title }) => product === null || title !== null);
  return lines.length > 0 && lines.length < MOST_LINES && named;
}

function eventOf(body: Beacon, userAgent: string | null): TandemEvent | null {
  const name = BY_PIXEL_NAME.get(body.name);
  const id = name === undefined ? null : eventIdOf(name, body);
  if (name === undefined || id === null) return null;
  return {
    name,
    id,
    time: body.timestamp,
    actionSource: "website",
    checkoutToken: body.checkout_token ?? null,
    facts: factsOf(body, userAgent),
  };
}

function factsOf(body: Beacon, userAgent: string | null): Facts {
  return {
    ...noFacts("web"),
    country: countryOf(body.data),
    deviceFamily: deviceFamily(userAgent),
    presentment: amountsOf(body),
    lines: (body.data?.lines ?? []).flatMap(beaconLinesOf),
    searchString: publicSearchWords(body.data?.search ?? null),
  };
}

function countryOf(data: Beacon["data"]): string | null {
  const code = data?.country?.toUpperCase() ?? "";
  return /^[A-Z]{2}$/.test(code) ? code : null;
}

/** Before the checkout a sum is a product's or a cart line's: for goods alone. */
function amountsOf({ data, checkout_token: token }: Beacon): Amounts | null {
  if (!data?.currency || data.total === undefined) return null;
  return {
    currency: data.currency,
    subtotal: data.subtotal ?? (token === undefined ? data.total : null),
    shipping: data.shipping ?? null,
    tax: data.tax ?? null,
    shippingTax: null,
    total: data.total,
  };
}
