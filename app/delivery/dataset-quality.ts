import { z } from "zod";

/**
 * The Graph version that the fields below were read in the documentation of. It is not META_GRAPH_VERSION: an operator may raise
 * that one for events, whose fields hardly change, while a field of this API that moved would look like a score that is gone.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
export const DATASET_QUALITY_VERSION = "v25.0";

/** What is asked for, for each event of a website. */
export const QUALITY_FIELDS = `web{${[
  "event_name",
  "event_match_quality{composite_score,match_key_feedback{identifier,coverage{percentage},potential_aly_acr_increase{percentage,description}},diagnostics{name,description,solution,percentage,affected_event_count,total_event_count}}",
  "event_coverage{percentage,goal_percentage,description,potential_aly_acr_increase{percentage,description}}",
  "dedupe_key_feedback{dedupe_key,browser_events_with_dedupe_key{percentage,description},server_events_with_dedupe_key{percentage,description},overall_browser_coverage_from_dedupe_key{percentage,description}}",
  "data_freshness{upload_frequency,description}",
  "acr{percentage,description}",
  "event_potential_aly_acr_increase{percentage,description}",
].join(",")}}`;

/** A shop has a dozen events; a dataset that says more of them is read no further. */
const MOST_EVENTS = 200;
const MOST_ROWS = 100;
const LONGEST_NAME = 100;
/** Meta's explanations are a sentence or two. */
const LONGEST_TEXT = 2_000;

const name = z.string().min(1).max(LONGEST_NAME);
const text = orNull(z.string().transform((said) => said.slice(0, LONGEST_TEXT)));
const number = orNull(z.number());

/** Null where Meta says nothing of it, or nothing that can be read: never 0, and the fields beside it stay. */
function orNull<Value>(of: z.ZodType<Value>) {
  return of.nullable().catch(null);
}

/** The rows that can be read; null where there is no list. */
function rowsOf<Row>(row: z.ZodType<Row>) {
  return z
    .array(z.unknown())
    .transform((rows) => rows.flatMap((said) => readableOf(row, said)).slice(0, MOST_ROWS))
    .nullable()
    .catch(null);
}

function readableOf<Row>(row: z.ZodType<Row>, said: unknown): Row[] {
  const read = row.safeParse(said);
  return read.success ? [read.data] : [];
}

const share = z.object({ percentage: number, description: text });

const keyFeedback = z.object({
  /** Meta's name of a match key: `email`, `ip_address`; see identifiers.ts. */
  identifier: name,
  coverage: orNull(z.object({ percentage: number })),
  potential_aly_acr_increase: orNull(share),
});

const diagnostic = z.object({
  name,
  description: text,
  solution: text,
  percentage: number,
  affected_event_count: number,
  total_event_count: number,
});

const dedupeFeedback = z.object({
  /** event_id, external_id or fbp. */
  dedupe_key: name,
  browser_events_with_dedupe_key: orNull(share),
  server_events_with_dedupe_key: orNull(share),
  overall_browser_coverage_from_dedupe_key: orNull(share),
});

/**
 * What Meta says of the events of one name, under Meta's own names, and what is kept of it. Percentages are as Meta gives them,
 * of 100; the score is out of 10. ACR: additional conversions reported, what the server's copies add to the browser's.
 */
const eventReading = z.object({
  event_name: name,
  /** Of the server's events; null: the event came by browser only. */
  event_match_quality: orNull(
    z.object({
      composite_score: number,
      match_key_feedback: rowsOf(keyFeedback),
      diagnostics: rowsOf(diagnostic),
    }),
  ),
  /** The server's events against the browser's; of the last seven days. */
  event_coverage: orNull(
    z.object({
      percentage: number,
      goal_percentage: number,
      description: text,
      potential_aly_acr_increase: orNull(share),
    }),
  ),
  dedupe_key_feedback: rowsOf(dedupeFeedback),
  data_freshness: orNull(z.object({ upload_frequency: text, description: text })),
  acr: orNull(share),
  event_potential_aly_acr_increase: orNull(share),
});

export type EventReading = z.infer<typeof eventReading>;

const answer = z.object({ web: z.array(z.unknown()).default([]) });

/** Null: it is no such answer. */
export function readQuality(json: unknown): EventReading[] | null {
  const read = answer.safeParse(json);
  if (!read.success) return null;
  const said = read.data.web.slice(0, MOST_EVENTS);
  const events = said.flatMap((event) => readableOf(eventReading, event));
  return said.length > 0 && events.length === 0 ? null : events;
}

const keptReading = z.array(eventReading);

/** What was kept of an answer, as JSON. */
export function readingOf(json: string): EventReading[] {
  return keptReading.parse(JSON.parse(json));
}

const keptScores = z.array(
  z.object({
    event_name: z.string(),
    event_match_quality: z.object({ composite_score: z.number().nullable() }).nullable(),
  }),
);

/** The scores alone of what was kept, without those that Meta did not give. */
export function scoresOf(json: string): { event: string; score: number }[] {
  return keptScores.parse(JSON.parse(json)).flatMap(({ event_name: event, event_match_quality: quality }) => {
    const score = quality?.composite_score ?? null;
    return score === null ? [] : [{ event, score }];
  });
}

/** What tells the senders of the events of one name apart. */
export interface EventQuality {
  event: string;
  /** Share of the events that carry a match key, percent, by Meta's name of the key. */
  coverage: Record<string, number>;
}

/** An event without a quality came by browser only, and tells nothing of who sends from a server. */
export function coverageOf(events: readonly EventReading[]): EventQuality[] {
  return events.flatMap(({ event_name: event, event_match_quality: quality }) =>
    quality?.match_key_feedback
      ? [{ event, coverage: Object.fromEntries(quality.match_key_feedback.flatMap(percentageOf)) }]
      : [],
  );
}

function percentageOf({ identifier, coverage }: z.infer<typeof keyFeedback>): [string, number][] {
  const percentage = coverage?.percentage ?? null;
  return percentage === null ? [] : [[identifier, percentage]];
}

const kept = z.array(z.object({ event: z.string(), coverage: z.record(z.string(), z.number()) }));

/** What was kept of that, as JSON. */
export function qualityOf(json: string): EventQuality[] {
  return kept.parse(JSON.parse(json));
}
