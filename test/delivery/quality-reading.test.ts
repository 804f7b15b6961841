import { expect, it } from "vitest";
import { coverageOf, QUALITY_FIELDS, readingOf, readQuality, scoresOf } from "~/delivery/dataset-quality";
import { IDENTIFIER_OF } from "~/delivery/identifiers";
import { MATCH_KEYS } from "~/match-keys/keys";

const SHARE = { percentage: 12.5, description: "Said by Meta." };

/** One event with every field that Meta documents. */
const WHOLE = {
  event_name: "Purchase",
  event_match_quality: {
    composite_score: 6.2,
    match_key_feedback: [
      { identifier: "email", coverage: { percentage: 80.4 }, potential_aly_acr_increase: SHARE },
      { identifier: "fbc", coverage: { percentage: 0 }, potential_aly_acr_increase: null },
    ],
    diagnostics: [
      {
        name: "Update your IPv4 IP addresses to IPv6",
        description: "Some of your events have IPv4 addresses.",
        solution: "Send IPv6.",
        percentage: 40,
        affected_event_count: 4,
        total_event_count: 10,
      },
    ],
  },
  event_coverage: {
    percentage: 71,
    goal_percentage: 75,
    description: "Below the goal.",
    potential_aly_acr_increase: SHARE,
  },
  dedupe_key_feedback: [
    {
      dedupe_key: "event_id",
      browser_events_with_dedupe_key: SHARE,
      server_events_with_dedupe_key: SHARE,
      overall_browser_coverage_from_dedupe_key: SHARE,
    },
  ],
  data_freshness: { upload_frequency: "real_time", description: "In real time." },
  acr: SHARE,
  event_potential_aly_acr_increase: SHARE,
};

it("every documented field is asked for, read, and kept as Meta said it", () => {
  const read = readQuality({ web: [WHOLE] });
  expect(read).toEqual([WHOLE]);
  expect(readingOf(JSON.stringify(read))).toEqual([WHOLE]);
  const names =
    JSON.stringify(WHOLE)
      .match(/"(\w+)":/g)
      ?.map((name) => name.slice(1, -2)) ?? [];
  const asked = new Set(QUALITY_FIELDS.match(/\w+/g));
  expect(names.filter((name) => !asked.has(name))).toEqual([]);
});

it("what Meta does not say is null, never 0", () => {
  const [event] =
    readQuality({
      web: [{ event_name: "PageView", event_match_quality: { match_key_feedback: [{ identifier: "email" }] } }],
    }) ?? [];
  expect(event).toEqual({
    event_name: "PageView",
    event_match_quality: {
      composite_score: null,
      match_key_feedback: [{ identifier: "email", coverage: null, potential_aly_acr_increase: null }],
      diagnostics: null,
    },
    event_coverage: null,
    dedupe_key_feedback: null,
    data_freshness: null,
    acr: null,
    event_potential_aly_acr_increase: null,
  });
  expect(coverageOf(event ? [event] : [])).toEqual([{ event: "PageView", coverage: {} }]);
  expect(readQuality({})).toEqual([]);
});

it.each<[string, object, object]>([
  [
    "a score in letters",
    { event_match_quality: { ...WHOLE.event_match_quality, composite_score: "6.2" } },
    { event_match_quality: { composite_score: null, diagnostics: [{}] } },
  ],
  ["a list that is none", { dedupe_key_feedback: "none" }, { dedupe_key_feedback: null, acr: SHARE }],
  [
    "a share without its number",
    { acr: { percentage: {}, description: "Said." } },
    { acr: { percentage: null, description: "Said." } },
  ],
  [
    "a freshness that is a number",
    { data_freshness: 7 },
    { data_freshness: null, event_coverage: WHOLE.event_coverage },
  ],
])("%s costs itself and nothing else", (_what, over, expected) => {
  expect(readQuality({ web: [{ ...WHOLE, ...over }] })).toMatchObject([{ event_name: "Purchase", ...expected }]);
});

it("a key that cannot be read costs itself, an event that cannot be read costs itself", () => {
  const keys = [{ identifier: 7 }, { identifier: "phone", coverage: { percentage: 5 } }];
  const event = { event_name: "Search", event_match_quality: { match_key_feedback: keys } };
  const read = readQuality({ web: [{ event_name: null }, event, "nothing"] }) ?? [];
  expect(coverageOf(read)).toEqual([{ event: "Search", coverage: { phone: 5 } }]);
});

it("an event that came by browser only tells nothing of senders, and has no score", () => {
  const read = readQuality({ web: [{ event_name: "PageView" }, WHOLE] }) ?? [];
  expect(coverageOf(read)).toEqual([{ event: "Purchase", coverage: { email: 80.4, fbc: 0 } }]);
  expect(scoresOf(JSON.stringify(read))).toEqual([{ event: "Purchase", score: 6.2 }]);
});

it("no more than 200 events are kept", () => {
  const web = Array.from({ length: 201 }, (_, n) => ({ event_name: `event-${n}` }));
  expect(
    readQuality({ web })
      ?.map(({ event_name }) => event_name)
      .at(-1),
  ).toBe("event-199");
});

it("every match key has a name that Meta says it by, and no two the same", () => {
  expect(Object.keys(IDENTIFIER_OF).sort()).toEqual(MATCH_KEYS.map(({ key }) => key).sort());
  expect(new Set(Object.values(IDENTIFIER_OF)).size).toBe(MATCH_KEYS.length);
});
