import { z } from "zod";

/** What Meta says of the events of one name that came by server. */
export interface EventQuality {
  event: string;
  /** Share of the events that carry a match key, percent. */
  coverage: Record<string, number>;
}

/**
 * Of Meta's answer just what tells senders apart; it says more of each event.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
const answer = z.object({
  web: z
    .array(
      z.object({
        event_name: z.string().max(100),
        event_match_quality: z
          .object({
            match_key_feedback: z
              .array(
                z.object({
                  identifier: z.string().max(100),
                  coverage: z.object({ percentage: z.number() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .max(1_000)
    .default([]),
});

/** What is asked for. */
export const QUALITY_FIELDS =
  "web{event_name,event_match_quality{match_key_feedback{identifier,coverage{percentage}}}}";

/** Null: it is no such answer. */
export function readQuality(json: unknown): EventQuality[] | null {
  const read = answer.safeParse(json);
  if (!read.success) return null;
  // An event without a quality came by browser only.
  return read.data.web.flatMap(({ event_name: event, event_match_quality: quality }) =>
    quality?.match_key_feedback
      ? [
          {
            event,
            coverage: Object.fromEntries(
              quality.match_key_feedback.map(({ identifier, coverage }) => [identifier, coverage?.percentage ?? 0]),
            ),
          },
        ]
      : [],
  );
}

const kept = z.array(z.object({ event: z.string(), coverage: z.record(z.string(), z.number()) }));

/** What was kept of it, as JSON. */
export function qualityOf(json: string): EventQuality[] {
  return kept.parse(JSON.parse(json));
}
