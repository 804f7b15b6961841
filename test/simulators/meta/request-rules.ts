import {
  anyObject,
  anyValue,
  type Check,
  type Fields,
  type Flaw,
  flaw,
  listOf,
  matching,
  objectWith,
  text,
  within,
} from "./checks";
import { checkEvent } from "./event-rules";
import type { JsonObject } from "./types";

const MOST_EVENTS = 1000;

const events: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0) return flaw("(#100) param data must be a non-empty array.");
  return value.length > MOST_EVENTS ? flaw(`A request holds at most ${MOST_EVENTS} events.`) : null;
};

/** The top level of a request: https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api */
const FIELDS: Fields = {
  data: events,
  access_token: text(),
  appsecret_proof: matching(/^[0-9a-f]{64}$/, "Must be an HMAC-SHA256 in hexadecimal digits."),
  test_event_code: text(),
  partner_agent: matching(/^(?=(.*[A-Za-z]){2}).{1,22}$/, "Must be shorter than 23 characters and hold two letters."),
  namespace_id: text(),
  upload_id: text(),
  upload_tag: text(),
  upload_source: text(),
  platforms: listOf(anyValue),
  progress: anyObject,
};

const wellFormed = objectWith(FIELDS, { required: ["data"] });

/** The first thing wrong with a request; one invalid event costs the whole of it. `now`: epoch milliseconds. */
export function checkRequest(body: JsonObject, now: number): Flaw | null {
  const odd = wellFormed(body);
  if (odd) return odd;
  for (const [index, event] of eventsOf(body).entries()) {
    const found = checkEvent(event, now);
    if (found) return within("data", within(index, found));
  }
  return null;
}

/** What stands in `data`, be it valid or not. */
export function eventsOf(body: unknown): unknown[] {
  const data = typeof body === "object" && body !== null && "data" in body ? body.data : null;
  return Array.isArray(data) ? data : [];
}
