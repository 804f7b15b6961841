import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY, NOON, post, postEvents, purchase, SECOND, sha256 } from "./calls";
import { type JsonObject, type MetaStandIn, startMeta } from "./server";

let meta: MetaStandIn;

beforeAll(async () => {
  meta = await startMeta({ now: () => NOON });
});

afterAll(() => meta.close());

const HASH = sha256("mary");
const ago = (ms: number) => (NOON - ms) / SECOND;
const user = (changes: JsonObject) => purchase({ user_data: { em: HASH, ...changes } });
const custom = (changes: JsonObject) => purchase({ custom_data: { value: 1, currency: "EUR", ...changes } });
const ldu = (options: unknown, country?: unknown, state?: unknown) =>
  purchase({
    data_processing_options: options,
    data_processing_options_country: country,
    data_processing_options_state: state,
  });

describe("events that are taken", () => {
  it.each<[string, unknown]>([
    ["a full Purchase", purchase()],
    ["a name of 50 characters", purchase({ event_name: "x".repeat(50) })],
    ["an event of exactly 7 days ago", purchase({ event_time: ago(7 * DAY) })],
    ["a shop visit of exactly 62 days ago", purchase({ event_time: ago(62 * DAY), action_source: "physical_store" })],
    ["an event 60 s ahead", purchase({ event_time: ago(-60 * SECOND) })],
    ["a free order", purchase({ custom_data: { value: 0, currency: "JPY" } })],
    ["a page view without custom data", purchase({ event_name: "PageView", custom_data: undefined })],
    ["an event without an id", purchase({ event_id: undefined })],
    ["hashed keys as strings", user({ ph: HASH, external_id: HASH })],
    ["hashed keys as arrays", user({ ph: [HASH, sha256("2")], external_id: [HASH] })],
    ["address and user agent alone", purchase({ user_data: { client_ip_address: "::1", client_user_agent: "x" } })],
    ["click id and browser id", user({ fbp: "fb.1.1596403881668.1116446470", fbc: "fb.1.1554763741205.AbC_d-e.f" })],
    ["ids of Meta's parameter builder", user({ fbp: "fb.2.1596403881668.1116446470.AQQCAQIB" })],
    ["contents", custom({ contents: [{ id: "1", quantity: 2, item_price: 1.5 }], content_ids: ["1"], num_items: 2 })],
    ["parameters of one's own", custom({ gift_wrap: true })],
    ["Limited Data Use, located by Meta", ldu(["LDU"], 0, 0)],
    ["Limited Data Use in Rhode Island", ldu(["LDU"], 1, 1013)],
    ["no processing options", ldu([])],
    ["a website event without a page", purchase({ event_source_url: undefined })],
  ])("%s", async (_name, event) => {
    const { status, json } = await postEvents(meta.origin, [event]);
    expect(json.error).toBeUndefined();
    expect([status, json.events_received]).toEqual([200, 1]);
  });
});

describe("events that are refused, and the field that is blamed", () => {
  it.each<[string, unknown, string, number?]>([
    ["no object", "Purchase", ""],
    ["no name", purchase({ event_name: undefined }), "[event_name]"],
    ["an empty name", purchase({ event_name: " " }), "[event_name]"],
    ["a name of 51 characters", purchase({ event_name: "x".repeat(51) }), "[event_name]"],
    ["no time", purchase({ event_time: undefined }), "[event_time]"],
    ["a time in milliseconds", purchase({ event_time: NOON }), "[event_time]"],
    ["a time with a fraction", purchase({ event_time: ago(0) + 0.5 }), "[event_time]"],
    ["a time as text", purchase({ event_time: String(ago(0)) }), "[event_time]"],
    ["more than 7 days ago", purchase({ event_time: ago(7 * DAY + SECOND) }), "[event_time]", 2804003],
    [
      "a shop visit more than 62 days ago",
      purchase({ event_time: ago(62 * DAY + SECOND), action_source: "physical_store" }),
      "[event_time]",
      2804003,
    ],
    ["61 s ahead", purchase({ event_time: ago(-61 * SECOND) }), "[event_time]"],
    ["no action source", purchase({ action_source: undefined }), "[action_source]"],
    ["an action source of its own", purchase({ action_source: "web" }), "[action_source]"],
    ["no user data", purchase({ user_data: undefined }), "[user_data]", 2804050],
    ["empty user data", purchase({ user_data: {} }), "[user_data]", 2804050],
    [
      "a place and a user agent alone",
      purchase({ user_data: { ct: HASH, country: HASH, client_user_agent: "x" } }),
      "[user_data]",
      2804050,
    ],
    ["a birthday alone", purchase({ user_data: { db: HASH } }), "[user_data]", 2804050],
    ["a first name and a gender", purchase({ user_data: { fn: HASH, ge: HASH } }), "[user_data]", 2804050],
    ["a last name and a gender", purchase({ user_data: { ln: HASH, ge: HASH } }), "[user_data]", 2804050],
    ["a key that Meta does not know", user({ email: HASH }), "[user_data][email]"],
    ["a raw e-mail address", user({ em: "mary@example.com" }), "[user_data][em]"],
    ["a raw phone number in an array", user({ ph: [HASH, "+1 650 555 1212"] }), "[user_data][ph][1]"],
    ["a hash in upper case", user({ fn: HASH.toUpperCase() }), "[user_data][fn]"],
    ["an MD5", user({ ln: HASH.slice(0, 32) }), "[user_data][ln]"],
    ["the hash of nothing", user({ zp: sha256("") }), "[user_data][zp]"],
    ["an empty list of hashes", user({ ct: [] }), "[user_data][ct]"],
    ["a number for a hash", user({ external_id: 7 }), "[user_data][external_id]"],
    ["null for a key", user({ st: null }), "[user_data][st]"],
    ["no address", user({ client_ip_address: "300.1.1.1" }), "[user_data][client_ip_address]"],
    ["an address with spaces", user({ client_ip_address: " ::1" }), "[user_data][client_ip_address]"],
    ["an empty user agent", user({ client_user_agent: "" }), "[user_data][client_user_agent]"],
    ["a browser id in seconds", user({ fbp: "fb.1.1596403881.1116446470" }), "[user_data][fbp]"],
    ["a click id without its prefix", user({ fbc: "AbCdEf" }), "[user_data][fbc]"],
    ["a Purchase without custom data", purchase({ custom_data: undefined }), "[custom_data][value]", 2804009],
    ["a Purchase without value", purchase({ custom_data: { currency: "EUR" } }), "[custom_data][value]", 2804009],
    ["a negative Purchase", custom({ value: -1 }), "[custom_data][value]", 2804009],
    ["a value as text", custom({ value: "1.00" }), "[custom_data][value]", 2804009],
    ["a Purchase without currency", purchase({ custom_data: { value: 1 } }), "[custom_data][currency]"],
    [
      "a value without currency",
      purchase({ event_name: "AddToCart", custom_data: { value: 1 } }),
      "[custom_data][currency]",
    ],
    [
      "a currency without value",
      purchase({ event_name: "AddToCart", custom_data: { currency: "EUR" } }),
      "[custom_data][value]",
    ],
    ["a currency in lower case", custom({ currency: "eur" }), "[custom_data][currency]"],
    ["a currency that does not exist", custom({ currency: "QQQ" }), "[custom_data][currency]"],
    ["the code for no currency", custom({ currency: "XXX" }), "[custom_data][currency]"],
    ["contents without id", custom({ contents: [{ quantity: 1 }] }), "[custom_data][contents][0][id]"],
    ["contents without quantity", custom({ contents: [{ id: "1" }] }), "[custom_data][contents][0][quantity]"],
    ["content ids as numbers", custom({ content_ids: ["1", 2] }), "[custom_data][content_ids][1]"],
    ["content ids as text", custom({ content_ids: '["1"]' }), "[custom_data][content_ids]"],
    ["a content type of its own", custom({ content_type: "variant" }), "[custom_data][content_type]"],
    ["an order id as a number", custom({ order_id: 1001 }), "[custom_data][order_id]"],
    ["null deep in a parameter of one's own", custom({ gift: { to: [null] } }), "[custom_data][gift][to][0]"],
    ["an event id of 65 characters", purchase({ event_id: "x".repeat(65) }), "[event_id]"],
    ["an event id beyond ASCII", purchase({ event_id: "kauf.ü" }), "[event_id]"],
    ["a page that is no URL", purchase({ event_source_url: "shop.example" }), "[event_source_url]"],
    ["a page that is not on the web", purchase({ event_source_url: "javascript:alert(1)" }), "[event_source_url]"],
    ["a field that Meta does not know", purchase({ currency: "EUR" }), "[currency]"],
    ["another processing option", ldu(["GDPR"]), "[data_processing_options]"],
    ["a processing country without state", ldu(["LDU"], 1), "[data_processing_options_state]"],
    ["a processing state without country", ldu(["LDU"], undefined, 1000), "[data_processing_options_country]"],
    ["a processing country that is none", ldu(["LDU"], 2, 0), "[data_processing_options_country]"],
    ["a processing state that is none", ldu(["LDU"], 1, 1014), "[data_processing_options_state]"],
    ["a processing country as text", ldu(["LDU"], "1", 1000), "[data_processing_options_country]"],
    ["a processing place without options", ldu(undefined, 0, 0), "[data_processing_options]"],
  ])("%s", async (_name, event, field, subcode) => {
    const before = meta.received.length;
    const { status, json } = await postEvents(meta.origin, [purchase(), event]);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, type: "OAuthException", is_transient: false });
    expect(json.error?.error_subcode).toBe(subcode);
    expect(json.error?.error_data).toBe(JSON.stringify({ blame_field_specs: [[`data[1]${field}`]] }));
    expect(json.error?.error_user_title).toBeTruthy();
    expect(json.error?.error_user_msg).toBeTruthy();
    expect(meta.received).toHaveLength(before);
  });
});

it("nesting without end is refused, not followed", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  expect((await post(meta.origin, `{"data":[${deep}]}`)).status).toBe(400);
});

describe("what is taken with a warning", () => {
  it.each<[string, JsonObject]>([
    ["client_user_agent missing", purchase({ user_data: { em: HASH, client_ip_address: "::1" } })],
    ["event_source_url missing", purchase({ event_source_url: undefined })],
    ["event_id missing", purchase({ event_id: undefined })],
    [
      "Limited Data Use without a place",
      purchase({ data_processing_options: ["LDU"], user_data: { em: HASH, client_user_agent: "x" } }),
    ],
  ])("%s", async (warning, event) => {
    await postEvents(meta.origin, [event]);
    expect(meta.received.at(-1)?.warnings).toEqual([warning]);
  });

  it("an event from elsewhere needs neither page nor user agent", async () => {
    await postEvents(meta.origin, [
      purchase({ action_source: "system_generated", event_source_url: undefined, user_data: { em: HASH } }),
    ]);
    expect(meta.received.at(-1)?.warnings).toEqual([]);
  });
});
