import { eventsOf } from "./request-rules";
import type { JsonObject, ReceivedCopy, RequestRecord } from "./types";

/**
 * What Meta calls the match keys in what it says of them. Documented are `email`, `ip_address`, `user_agent`, `external_id` and
 * `fbc`; the others are supposed. https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  em: "email",
  ph: "phone",
  fn: "first_name",
  ln: "last_name",
  ge: "gender",
  db: "birthdate",
  ct: "city",
  st: "state",
  zp: "zip",
  client_ip_address: "ip_address",
  client_user_agent: "user_agent",
};

/**
 * Meta does not say how it scores. This stand-in starts at 2, adds so much for each key times the share of events that carry it, and
 * ends at 10: made up, so that a score rises when keys are added, and of no other use.
 */
const WORTH: Readonly<Record<string, number>> = {
  email: 3,
  phone: 2,
  fbc: 1.5,
  external_id: 0.8,
  fbp: 0.8,
  ip_address: 0.5,
  user_agent: 0.5,
};
const WORTH_OF_ANY_OTHER = 0.1;
const SCORE_OF_NOTHING = 2;
const HIGHEST_SCORE = 10;

/** These it tells of also where no event carries them. */
const ALWAYS_TOLD = ["email", "phone", "fbc"];
const COVERAGE_GOAL = 75;
const DEDUPE_KEYS = ["event_id", "external_id", "fbp"] as const;

interface Seen {
  server: JsonObject[];
  browser: JsonObject[];
}

/** The rows of `web`: what was taken of a dataset, from all senders or from one by its partner_agent. */
export function qualityRows(
  dataset: string,
  agent: string | null,
  requests: readonly RequestRecord[],
  received: readonly ReceivedCopy[],
): JsonObject[] {
  const seen = new Map<string, Seen>();
  const of = (name: string) => {
    const known = seen.get(name) ?? { server: [], browser: [] };
    seen.set(name, known);
    return known;
  };
  for (const { body, taken, dataset: to } of requests) {
    if (to !== dataset || taken === 0) continue;
    const sent: { partner_agent?: string } = JSON.parse(body);
    if (agent !== null && sent.partner_agent !== agent) continue;
    for (const event of eventsOf(sent) as JsonObject[]) of(String(event.event_name)).server.push(event);
  }
  for (const copy of received) {
    if (copy.leg === "browser" && copy.dataset === dataset && (agent === null || seen.has(copy.event_name))) {
      of(copy.event_name).browser.push({ ...copy.body, event_id: copy.event_id });
    }
  }
  return [...seen].map(([event_name, events]) => ({ event_name, ...rowOf(events) }));
}

function rowOf({ server, browser }: Seen): JsonObject {
  if (server.length === 0) return {};
  const row: JsonObject = {
    event_match_quality: matchQualityOf(server),
    data_freshness: { upload_frequency: "real_time", description: "Events are sent in real time." },
  };
  if (browser.length === 0) return row;
  const ids = new Set(server.map(({ event_id }) => event_id));
  const covered = browser.filter(({ event_id }) => ids.has(event_id)).length;
  const missing = 100 - percent(covered, browser.length);
  return {
    ...row,
    event_coverage: {
      percentage: percent(covered, browser.length),
      goal_percentage: COVERAGE_GOAL,
      description: `Meta's goal is ${COVERAGE_GOAL}% of the browser's events.`,
      potential_aly_acr_increase: potential(missing),
    },
    dedupe_key_feedback: DEDUPE_KEYS.map((key) => dedupeOf(key, server, browser)),
    acr: {
      percentage: percent(server.length - covered, server.length),
      description: "Additional conversions reported.",
    },
    event_potential_aly_acr_increase: potential(missing),
  };
}

function matchQualityOf(server: readonly JsonObject[]): JsonObject {
  const carried = new Map(ALWAYS_TOLD.map((identifier) => [identifier, 0]));
  for (const event of server) {
    for (const key of Object.keys(userDataOf(event))) {
      const identifier = IDENTIFIERS[key] ?? key;
      carried.set(identifier, (carried.get(identifier) ?? 0) + 1);
    }
  }
  let score = SCORE_OF_NOTHING;
  for (const [identifier, events] of carried) {
    score += ((WORTH[identifier] ?? WORTH_OF_ANY_OTHER) * events) / server.length;
  }
  return {
    composite_score: Math.min(HIGHEST_SCORE, Math.round(score * 10) / 10),
    match_key_feedback: [...carried].map(([identifier, events]) => {
      const percentage = percent(events, server.length);
      const told = { identifier, coverage: { percentage } };
      return WORTH[identifier] === undefined || percentage === 100
        ? told
        : { ...told, potential_aly_acr_increase: potential(100 - percentage) };
    }),
    diagnostics: [],
  };
}

/** A tenth of what is missing: as made up as the score. */
function potential(missing: number): JsonObject {
  return { percentage: Math.round(missing / 10), description: "Advertisers similar to you saw such an increase." };
}

function dedupeOf(key: (typeof DEDUPE_KEYS)[number], server: readonly JsonObject[], browser: readonly JsonObject[]) {
  const ofServer = server.map((event) => (key === "event_id" ? event.event_id : userDataOf(event)[key]));
  const ofBrowser = browser.map((hit) => (key === "external_id" ? hit["ud[external_id]"] : hit[key]));
  const known = new Set(ofServer.flat());
  const share = (events: number, of: number) => ({
    percentage: percent(events, of),
    description: `Of events with ${key}.`,
  });
  return {
    dedupe_key: key,
    browser_events_with_dedupe_key: share(ofBrowser.filter(isThere).length, browser.length),
    server_events_with_dedupe_key: share(ofServer.filter(isThere).length, server.length),
    overall_browser_coverage_from_dedupe_key: share(
      ofBrowser.filter((value) => isThere(value) && known.has(value)).length,
      browser.length,
    ),
  };
}

function userDataOf(event: JsonObject): JsonObject {
  return (event.user_data ?? {}) as JsonObject;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 100);
}
