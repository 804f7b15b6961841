import { z } from "zod";
import type { ConsentSignal } from "../events/event";
import { isRecord, longTextOf } from "./fields";

interface NoteAttribute {
  name: string;
  value: string | null;
}

export type NoteAttributes = (NoteAttribute | null)[] | null | undefined;

/** Shopify's `note_attributes`: the cart's attributes, as they travel with checkout and order. Anybody may have written them. */
export const noteAttributes = z.transform(noteAttributesOf);

export function noteAttributesOf(value: unknown): NoteAttributes {
  return Array.isArray(value) ? value.map(noteAttributeOf) : null;
}

function noteAttributeOf(value: unknown): NoteAttribute | null {
  return isRecord(value) && typeof value.name === "string"
    ? { name: value.name, value: longTextOf(value.value) }
    : null;
}

/** What the theme app embed (theme/cart-signals) wrote into the cart. */
export interface CartSignals {
  /** Meta's cookies byte for byte; whether they are any is for match-keys/normalise to say. */
  fbp: string | null;
  fbc: string | null;
  /** Shopify's visitor id. */
  clientId: string | null;
  consent: ConsentSignal | null;
}

/** Visible ASCII is all a cookie can hold. */
const COOKIE = /^[\x21-\x7e]{1,1024}$/;
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** One character a purpose: analytics, marketing, preferences, sale of data. */
const CONSENT = /^[01]{4}$/;

export function cartSignals(attributes: NoteAttributes): CartSignals {
  const consent = consentOf(noted(attributes, "_tandem_consent", CONSENT));
  // A refusal stands alone: ids beside it are somebody else's, or left over.
  if (consent?.marketing === false) return { fbp: null, fbc: null, clientId: null, consent };
  return {
    fbp: noted(attributes, "_fbp", COOKIE),
    fbc: noted(attributes, "_fbc", COOKIE),
    clientId: noted(attributes, "_tandem_client", CLIENT_ID),
    consent,
  };
}

/** Of two of one name, the last. */
function noted(attributes: NoteAttributes, name: string, shape: RegExp): string | null {
  let value: string | null = null;
  for (const attribute of attributes ?? []) {
    if (attribute?.name === name) value = attribute.value;
  }
  return value !== null && shape.test(value) ? value : null;
}

function consentOf(flags: string | null): ConsentSignal | null {
  if (flags === null) return null;
  const [analytics, marketing, preferences, saleOfData] = [...flags].map((flag) => flag === "1");
  return {
    analytics: analytics === true,
    marketing: marketing === true,
    preferences: preferences === true,
    saleOfData: saleOfData === true,
  };
}
