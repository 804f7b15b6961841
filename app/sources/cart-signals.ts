import { z } from "zod";
import type { ConsentSignal } from "../events/event";
import { helpfulLongText } from "./fields";

const noteAttribute = z.object({ name: z.string(), value: helpfulLongText }).nullable().catch(null);

/** Shopify's `note_attributes`: the cart's attributes, as they travel with checkout and order. Anybody may have written them. */
export const noteAttributes = z.array(noteAttribute).nullish().catch(null);

export type NoteAttributes = z.output<typeof noteAttributes>;

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
  // Of two of one name, the last.
  const noted = new Map((attributes ?? []).map((attribute) => [attribute?.name, attribute?.value]));
  const value = (name: string, shape: RegExp): string | null => {
    const text = noted.get(name) ?? null;
    return text !== null && shape.test(text) ? text : null;
  };
  const consent = consentOf(value("_tandem_consent", CONSENT));
  // A refusal stands alone: ids beside it are somebody else's, or left over.
  if (consent?.marketing === false) return { fbp: null, fbc: null, clientId: null, consent };
  return {
    fbp: value("_fbp", COOKIE),
    fbc: value("_fbc", COOKIE),
    clientId: value("_tandem_client", CLIENT_ID),
    consent,
  };
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
