import { createHash } from "node:crypto";
import type { GraphError, JsonObject } from "./server";

/** The clock the tests hold: 2026-11-01T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 1, 12);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A Purchase that Meta takes, with some fields changed; `undefined` leaves one out. */
export function purchase(changes: JsonObject = {}): JsonObject {
  return {
    event_name: "Purchase",
    event_time: NOON / SECOND,
    event_id: "purchase.abc",
    action_source: "website",
    event_source_url: "https://shop.example/checkout",
    user_data: { em: [sha256("mary@example.com")], client_user_agent: "Mozilla/5.0", client_ip_address: "203.0.113.7" },
    custom_data: { value: 12.5, currency: "EUR" },
    ...changes,
  };
}

export interface Answer {
  status: number;
  json: { events_received?: number; messages?: unknown[]; fbtrace_id?: string; error?: GraphError };
}

export interface CallOptions {
  dataset?: string;
  version?: string;
  /** Null: no Authorization header. */
  token?: string | null;
  contentType?: string;
  query?: string;
  signal?: AbortSignal;
}

/** Posts a body to /events; a string goes as it is. */
export async function post(origin: string, body: unknown, options: CallOptions = {}): Promise<Answer> {
  const response = await postRaw(origin, body, options);
  return { status: response.status, json: await response.json() };
}

/** The same, with the answer unread. */
export function postRaw(origin: string, body: unknown, options: CallOptions = {}): Promise<Response> {
  const { dataset = "1001", version = "v25.0", token = "T", contentType = "application/json", query = "" } = options;
  return fetch(`${origin}/${version}/${dataset}/events${query}`, {
    method: "POST",
    headers: { "content-type": contentType, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** Posts events in a body of their own. */
export function postEvents(origin: string, events: unknown[], options: CallOptions = {}): Promise<Answer> {
  return post(origin, { data: events }, options);
}

/** Hits /tr as a browser does. */
export function hit(origin: string, parameters: Record<string, string>): Promise<Response> {
  return fetch(`${origin}/tr?${new URLSearchParams(parameters)}`);
}

/** A browser copy of `purchase()`. */
export const BROWSER_PURCHASE = {
  id: "1001",
  ev: "Purchase",
  eid: "purchase.abc",
  dl: "https://shop.example/checkout",
  "cd[value]": "12.50",
  "cd[currency]": "EUR",
};
