import { z } from "zod";
import { TR_REPORTS, type TrReport } from "../events/browser-copy";
import { type Amounts, type BrowserContext, noFacts, type TandemEvent, unknownBrowser } from "../events/event";
import { addPaymentInfoId, initiateCheckoutId, purchaseIdOfCheckout } from "../events/event-id";
import { EVENT_NAMES, type EventName, PIXEL_NAMES } from "../events/names";
import { publicSearchWords } from "../events/search-words";
import { deviceFamily } from "./device";
import { amount, currency, helpfulLongText, helpfulText, instant, optionalCheckoutToken } from "./fields";
import { beaconLine, beaconLinesOf } from "./lines";

/** SHA-256 in lower-case hex: the pixel hashes in the browser, nothing else is taken. */
const hashes = z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(5);

const HASHED_KEYS = ["em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id"] as const;

/** What the web pixel posts to /collect. Everything in it is untrusted. */
export const beaconSchema = z.object({
  v: z.literal(1),
  shop: z.string().max(100),
  key: z.string().max(64),
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
      lines: z.array(beaconLine).max(250).optional(),
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
  copy: { name: EventName; eventId: string; tr: TrReport } | null;
}

const BY_PIXEL_NAME = new Map<string, EventName>(
  EVENT_NAMES.flatMap((name) => {
    const pixel = PIXEL_NAMES[name];
    return pixel === null ? [] : [[pixel, name]];
  }),
);

/** How an event born in the browser is named; null: a beacon may not make it. */
function eventIdOf(name: EventName, body: Beacon): string | null {
  const token = body.checkout_token;
  switch (name) {
    case "Purchase":
    case "CompleteRegistration":
      return null;
    case "InitiateCheckout":
      return token === undefined ? null : initiateCheckoutId(token);
    case "AddPaymentInfo":
      return token === undefined ? null : addPaymentInfoId(token);
    default:
      return body.id;
  }
}

/** `connection`: what the request itself says of the browser. */
export function readBeacon(body: Beacon, connection: { ip: string | null; userAgent: string | null }): BeaconReading {
  const browser: BrowserContext = {
    ...unknownBrowser(),
    ...connection,
    fbp: body.fbp,
    fbc: body.fbc,
    url: body.url,
    referrer: body.referrer,
    clientId: body.client_id ?? null,
    consent: body.consent,
  };
  return {
    event: eventOf(body, browser.userAgent),
    matchKeys: body.user_data ?? {},
    browser,
    checkoutToken: body.checkout_token ?? null,
    copy: copyOf(body),
  };
}

/** The pixel names a Purchase as the server does; without a token it would have to be told by its order, which it may not invent. */
function copyOf(body: Beacon): BeaconReading["copy"] {
  const name = BY_PIXEL_NAME.get(body.name);
  if (name === undefined) return null;
  const token = body.checkout_token;
  const eventId = name === "Purchase" && token !== undefined ? purchaseIdOfCheckout(token) : eventIdOf(name, body);
  return eventId === null ? null : { name, eventId, tr: body.tr };
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
    facts: {
      ...noFacts("web"),
      deviceFamily: deviceFamily(userAgent),
      presentment: amountsOf(body.data),
      lines: (body.data?.lines ?? []).flatMap(beaconLinesOf),
      searchString: publicSearchWords(body.data?.search ?? null),
    },
  };
}

function amountsOf(data: Beacon["data"]): Amounts | null {
  if (!data?.currency || data.total === undefined) return null;
  return {
    currency: data.currency,
    subtotal: data.subtotal ?? null,
    shipping: data.shipping ?? null,
    tax: data.tax ?? null,
    total: data.total,
  };
}
