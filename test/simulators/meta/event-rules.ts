import {
  anyObject,
  type Check,
  type Fields,
  type Flaw,
  flag,
  flaw,
  integer,
  isObject,
  matching,
  noNulls,
  objectWith,
  oneOf,
  text,
  webUrl,
  within,
} from "./checks";
import { customData, money } from "./custom-data-rules";
import type { JsonObject } from "./types";
import { userData } from "./user-data-rules";

const DAY_S = 86_400;
const OLDEST_S = 7 * DAY_S;
const OLDEST_IN_STORE_S = 62 * DAY_S;
const FURTHEST_AHEAD_S = 60;
/** A count of seconds stays below this until the year 5138; a count of milliseconds passed it in 1973. */
const SURELY_MILLISECONDS = 100_000_000_000;

const ACTION_SOURCES = [
  "email",
  "website",
  "app",
  "phone_call",
  "chat",
  "physical_store",
  "system_generated",
  "business_messaging",
  "other",
];

const eventTime: Check = (value) => {
  const odd = integer(1)(value);
  if (odd) return flaw("Must be a whole number of Unix seconds.");
  return Number(value) >= SURELY_MILLISECONDS ? flaw("Is in milliseconds; Meta counts Unix seconds.") : null;
};

const processingOptions: Check = (value) =>
  Array.isArray(value) && (value.length === 0 || (value.length === 1 && value[0] === "LDU"))
    ? null
    : flaw('Must be ["LDU"] or [].');

/** 0: Meta locates; 1000–1013: the US states with a law of their own. https://developers.facebook.com/documentation/meta-pixel/implementation/data-processing-options */
const processingState: Check = (value) =>
  value === 0 || integer(1000, 1013)(value) === null ? null : flaw("Must be 0 or from 1000 to 1013.");

/** Server event parameters: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event */
const FIELDS: Fields = {
  event_name: text(50),
  event_time: eventTime,
  action_source: oneOf(ACTION_SOURCES),
  user_data: userData,
  event_source_url: webUrl,
  event_id: matching(/^[\x20-\x7e]{1,64}$/, "Must be a string of 1 to 64 ASCII characters."),
  referrer_url: text(),
  opt_out: flag,
  data_processing_options: processingOptions,
  data_processing_options_country: oneOf([0, 1]),
  data_processing_options_state: processingState,
  custom_data: customData,
  app_data: anyObject,
  original_event_data: objectWith({
    event_name: text(50),
    event_time: eventTime,
    order_id: text(),
    event_id: text(64),
  }),
  attribution_data: anyObject,
  customer_segmentation: text(),
  advertiser_tracking_enabled: flag,
  messaging_channel: oneOf(["messenger", "whatsapp", "instagram"]),
  advanced_measurement_table: text(),
};

const wellFormed = objectWith(FIELDS, { required: ["event_name", "event_time", "action_source"] });

/** The first thing wrong with one event, or null. `now`: epoch milliseconds. */
export function checkEvent(event: unknown, now: number): Flaw | null {
  const odd = noNulls(event);
  if (odd) return odd;
  if (!isObject(event)) return flaw("Must be an object.");
  if (!Object.hasOwn(event, "user_data")) {
    return within("user_data", flaw("The field user_data is required.", "tooFewMatchKeys"));
  }
  return money(event.event_name, custom(event)) ?? wellFormed(event) ?? timely(event, now) ?? processing(event);
}

function custom(event: JsonObject): JsonObject {
  return isObject(event.custom_data) ? event.custom_data : {};
}

function timely(event: JsonObject, now: number): Flaw | null {
  const age = now / 1000 - Number(event.event_time);
  const oldest = event.action_source === "physical_store" ? OLDEST_IN_STORE_S : OLDEST_S;
  if (age > oldest) return within("event_time", flaw(`Is more than ${oldest / DAY_S} days ago.`, "eventTooOld"));
  return age < -FURTHEST_AHEAD_S ? within("event_time", flaw("Lies in the future.")) : null;
}

function processing(event: JsonObject): Flaw | null {
  const [options, country, state] = [
    "data_processing_options",
    "data_processing_options_country",
    "data_processing_options_state",
  ].map((key) => Object.hasOwn(event, key));
  if (country && !state) return within("data_processing_options_state", flaw("Country and state come together."));
  if (state && !country) return within("data_processing_options_country", flaw("Country and state come together."));
  return country && !options
    ? within("data_processing_options", flaw("Country and state say nothing without options."))
    : null;
}
