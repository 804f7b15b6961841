/**
 * What Meta's answer means: one table that says whether we try again, who must act, and what the merchant reads. Codes
 * are Meta's; their words change and are localised, so only codes are looked at:
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/error-reference
 */

/** `hold` stops the whole dataset until a person acts; `rejected` is about the event. */
export type Verdict = "accepted" | "retry" | "rejected" | "hold";

export interface VerdictRow {
  code: number | readonly [from: number, to: number];
  /** Absent: any. */
  subcode?: number | readonly [from: number, to: number];
  verdict: Exclude<Verdict, "accepted">;
  /** Who must act. */
  actor: "nobody" | "merchant" | "operator" | "developer";
  /** What the merchant reads. */
  says: string;
  /** Retry only: after so many tries it is dead. Absent: until Meta's window closes. */
  tries?: number;
  /** Retry only: slow the dataset down for so many milliseconds, unless Meta names a time itself. */
  pause?: number;
}

const RECONNECT =
  "Meta no longer accepts the access token. Generate a new one in Events Manager and paste it in Settings.";
const NO_ACCESS =
  "The token has no access to this dataset. In Business settings, give its system user 'Use events dataset'.";
const MINUTE_MS = 60_000;
const THROTTLED = "Meta asked us to slow down. Events are queued and leave as soon as it allows.";

const SILENT = "Meta did not answer; events are queued.";
const FOREIGN = "Something that is not Meta's API answered; events are queued.";
const UNKNOWN = "Meta gave an answer that Tandem does not know.";

/** The first row that fits. */
export const VERDICTS: readonly VerdictRow[] = [
  { code: 190, verdict: "hold", actor: "merchant", says: RECONNECT },
  { code: [102, 104], verdict: "hold", actor: "merchant", says: RECONNECT },
  { code: 100, subcode: 33, verdict: "hold", actor: "merchant", says: `The dataset does not exist, or: ${NO_ACCESS}` },
  { code: 10, verdict: "hold", actor: "merchant", says: NO_ACCESS },
  { code: [200, 299], verdict: "hold", actor: "merchant", says: NO_ACCESS },
  { code: 3, verdict: "hold", actor: "merchant", says: "The token's app may not send events. Reconnect the dataset." },
  {
    code: 100,
    subcode: 2804003,
    verdict: "rejected",
    actor: "nobody",
    says: "Older than Meta accepts when it got there.",
  },
  { code: 100, subcode: 2804009, verdict: "rejected", actor: "developer", says: "Meta misses the value." },
  { code: 100, subcode: 2804050, verdict: "rejected", actor: "nobody", says: "Too little to recognise a person by." },
  {
    code: 100,
    subcode: [2804000, 2804099],
    verdict: "rejected",
    actor: "developer",
    says: "Meta refused the event; its answer names the reason.",
  },
  { code: 100, verdict: "rejected", actor: "developer", says: "Meta refused a field of the event." },
  { code: 4, verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  { code: 17, verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  { code: 32, verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  { code: 341, verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  { code: 613, verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  { code: [80000, 80014], verdict: "retry", actor: "nobody", says: THROTTLED, pause: MINUTE_MS },
  {
    code: 368,
    verdict: "retry",
    actor: "merchant",
    says: "Meta has blocked this asset for policy reasons; see Account Quality.",
    pause: 60 * MINUTE_MS,
  },
  { code: 1, verdict: "retry", actor: "nobody", says: "Meta had an unknown error.", tries: 5 },
  { code: 2, verdict: "retry", actor: "nobody", says: "Meta is down for the moment." },
  { code: 5000, verdict: "retry", actor: "nobody", says: "Meta had an internal error.", tries: 5 },
  { code: 21009, verdict: "retry", actor: "nobody", says: "The dataset is not ready yet.", tries: 5 },
  { code: [-999_999, -1], verdict: "retry", actor: "nobody", says: "Meta had an internal error.", tries: 5 },
];

/** What came back from one request. Durations in milliseconds. */
export type Answer = Heard & {
  /** How long the token should rest, by what Meta says of its allowance; absent: no need. */
  rest?: number;
};

type Heard =
  | { kind: "accepted"; status: number; fbtraceId: string | null; text: string }
  | {
      kind: "error";
      status: number;
      code: number;
      subcode: number | null;
      transient: boolean;
      fbtraceId: string | null;
      retryAfter: number | null;
      text: string;
    }
  /** An answer that is not Graph's: HTML, garbage, an empty page. */
  | { kind: "foreign"; status: number; retryAfter: number | null; text: string }
  /** No answer at all. */
  | { kind: "silence"; cause: "timeout" | "network"; text: string };

export interface Judgement {
  verdict: Verdict;
  /** `meta_190`, `meta_100_2804003`, `http_502`, `timeout`; null when accepted. */
  reason: string | null;
  says: string;
  /** After so many tries it is dead; null: until Meta's window closes. */
  tries: number | null;
  /** Nothing travels with this token for so long; null: no need. */
  pause: number | null;
}

/** An answer nobody has met before is tried again a few times, then a person must look. */
const UNKNOWN_TRIES = 5;

const TAKEN: Judgement = { verdict: "accepted", reason: null, says: "Meta took it.", tries: null, pause: null };

/** Pure: what an answer means for the events that travelled in the request. */
export function judge(answer: Answer): Judgement {
  const judgement = judgeHeard(answer);
  return answer.rest ? { ...judgement, pause: Math.max(judgement.pause ?? 0, answer.rest) } : judgement;
}

function judgeHeard(answer: Heard): Judgement {
  switch (answer.kind) {
    case "accepted":
      return TAKEN;
    case "silence":
      return again(answer.cause, SILENT, null, null);
    case "foreign":
      return again(
        `http_${answer.status}`,
        FOREIGN,
        // Whatever stands in the way (a proxy, a portal), it is not Meta that spoke: an outage.
        null,
        answer.retryAfter ?? (answer.status === 429 ? MINUTE_MS : null),
      );
    case "error":
      return judgeError(answer);
  }
}

/**
 * Pure: what an answer to a request without events means for its token. Meta looks at who asks before it looks at what it was
 * sent: a complaint about the events is a yes.
 */
export function judgeToken(answer: Answer): Judgement {
  const judgement = judge(answer);
  return judgement.verdict === "rejected" ? TAKEN : judgement;
}

function judgeError(answer: Extract<Heard, { kind: "error" }>): Judgement {
  const reason = `meta_${answer.code}${answer.subcode === null ? "" : `_${answer.subcode}`}`;
  const row = rowFor(answer.code, answer.subcode);
  const pause = answer.retryAfter ?? row?.pause ?? (answer.status === 429 ? MINUTE_MS : null);
  // An outage is an outage, whatever the code in it; and Meta's own word that it will pass outweighs what a code means.
  const outage = (answer.status >= 500 || answer.status === 429) && row?.verdict !== "hold";
  if (answer.transient || outage)
    return again(reason, row?.says ?? "Meta is in trouble; events are queued.", null, pause);
  if (row === undefined) return again(reason, UNKNOWN, UNKNOWN_TRIES, pause);
  if (row.verdict === "retry") return again(reason, row.says, row.tries ?? null, pause);
  return { verdict: row.verdict, reason, says: row.says, tries: null, pause: null };
}

/** What a merchant reads for the stored reason of an answer (`meta_190`, `http_502`, `timeout`); null: it is of no answer. */
export function saysOfAnswer(reason: string): string | null {
  const [, code, subcode] = /^meta_(-?\d+)(?:_(-?\d+))?$/.exec(reason) ?? [];
  if (code !== undefined) return rowFor(Number(code), subcode === undefined ? null : Number(subcode))?.says ?? UNKNOWN;
  if (reason.startsWith("http_")) return FOREIGN;
  return reason === "timeout" || reason === "network" ? SILENT : null;
}

function rowFor(code: number, subcode: number | null): VerdictRow | undefined {
  return VERDICTS.find((row) => fits(row.code, code) && (row.subcode === undefined || fits(row.subcode, subcode)));
}

function again(reason: string, says: string, tries: number | null, pause: number | null): Judgement {
  return { verdict: "retry", reason, says, tries, pause };
}

function fits(rule: number | readonly [number, number], value: number | null): boolean {
  if (value === null) return false;
  return typeof rule === "number" ? rule === value : value >= rule[0] && value <= rule[1];
}
