import { z } from "zod";

/**
 * What Meta says with each answer of how much of its allowance is used. At its end Meta refuses everything for a while, so we
 * slow down before that: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */

const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;

/** From this share of the allowance on, in percent, a token rests for so long after each answer. The first that fits. */
const RESTS: readonly { from: number; ms: number }[] = [
  { from: 100, ms: MINUTE_MS },
  { from: 90, ms: 10_000 },
  { from: 75, ms: 2_000 },
];

const percent = z.number().catch(0);
const counts = z.object({ call_count: percent, total_time: percent, total_cputime: percent });
/** Minutes until there is access again; 0 where there is. */
const business = counts.extend({ estimated_time_to_regain_access: percent });
const account = z.object({ acc_id_util_pct: percent });

interface Reading {
  percents: readonly number[];
  /** Until Meta takes anything again. */
  blockedMs: number;
}

const HEADERS: Readonly<Record<string, z.ZodType<Reading>>> = {
  "x-business-use-case-usage": z.record(z.string(), z.array(business)).transform((cases) => {
    const all = Object.values(cases).flat();
    return {
      percents: all.flatMap(used),
      blockedMs: Math.max(0, ...all.map((one) => one.estimated_time_to_regain_access * MINUTE_MS)),
    };
  }),
  "x-app-usage": counts.transform((app) => ({ percents: used(app), blockedMs: 0 })),
  "x-ad-account-usage": account.transform((one) => ({ percents: [one.acc_id_util_pct], blockedMs: 0 })),
};

function used({ call_count, total_time, total_cputime }: z.infer<typeof counts>): number[] {
  return [call_count, total_time, total_cputime];
}

/** How long the token rests after this answer, in milliseconds, an hour at the most; null: no need. What cannot be read says nothing. */
export function restOf(headers: { get(name: string): string | null }): number | null {
  const readings = Object.entries(HEADERS).flatMap(([name, schema]) => {
    const reading = schema.safeParse(jsonOf(headers.get(name)));
    return reading.success ? [reading.data] : [];
  });
  const most = Math.max(0, ...readings.flatMap(({ percents }) => percents));
  const blockedMs = Math.max(0, ...readings.map((reading) => reading.blockedMs));
  const rest = RESTS.find(({ from }) => most >= from)?.ms ?? 0;
  const ms = Math.min(Math.max(blockedMs, rest), LONGEST_PAUSE_MS);
  return ms > 0 ? ms : null;
}

function jsonOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
