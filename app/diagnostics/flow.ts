import { counted } from "../counted";
import { saysOfAnswer } from "../delivery/verdicts";
import type { RequestCount, Waiting, WaitsFor } from "../store/verbs/flow";
import type { Bucket } from "./histogram";
import { percentileBound } from "./histogram";
import { spanWords } from "./span-words";

/** What waits for a dataset at the moment. */
export interface Queue {
  waiting: number;
  /** True: there are more than that, and what follows is of those that have been due for longest. */
  more: boolean;
  /** Since when the first of them is due that nothing keeps from leaving, epoch milliseconds; null: none is. */
  dueSince: number | null;
  /** How many wait for what, most first. */
  causes: { why: WaitsFor; count: number }[];
}

/** `limit`: how many events were looked at, at the most: one more than are counted. */
export function queueOf(rows: readonly Waiting[], limit: number): Queue {
  const waiting = rows.reduce((sum, { count }) => sum + count, 0);
  const more = waiting >= limit;
  return {
    waiting: more ? limit - 1 : waiting,
    more,
    dueSince: rows.find(({ why }) => why === "due")?.since ?? null,
    causes: rows.map(({ why, count }) => ({ why, count })).sort((a, b) => b.count - a.count),
  };
}

const WAITS_FOR_WORDS: Record<WaitsFor, string> = {
  leaving: "on their way to Meta",
  due: "about to leave, with others in one request",
  browser_context: "an order that waits for what the shopper's browser can add",
  checkout: "a checkout that waits for the browser's own copy",
  registration: "a new customer that waits for the order that may have made them",
  payment: "an order that has yet to be paid",
  again: "put off, and tried again",
  later: "not due yet: dated ahead, or replayed a few at a time",
};

/** What a merchant reads of why events wait. `held`: nothing leaves for their dataset. */
export function waitsForWords(why: WaitsFor, held: boolean): string {
  return held && (why === "due" || why === "again") ? "until the dataset flows again" : WAITS_FOR_WORDS[why];
}

/** How long events took from their arrival to Meta's yes. */
export interface Lag {
  events: number;
  /** Upper bounds in milliseconds; null: beyond the last that is counted by, or (`events` 0) nothing was counted. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export function lagOf(buckets: readonly Bucket[]): Lag {
  const bound = (percent: number) => {
    const ms = percentileBound(buckets, percent);
    return ms === Number.POSITIVE_INFINITY ? null : ms;
  };
  const events = buckets.reduce((sum, { count }) => sum + count, 0);
  return { events, p50: bound(50), p95: bound(95), p99: bound(99) };
}

/** `ms`: an upper bound of a `Lag`. */
export function boundWords(ms: number | null): string {
  return ms === null ? "more than a day" : `within ${spanWords(ms)}`;
}

/** What became of a dataset's requests to Meta in a day. */
export interface Requests {
  /** How many were looked at. */
  looked: number;
  /** True: there were more, and these are the last of them. */
  more: boolean;
  failed: number;
  causes: { says: string; count: number; last: number }[];
  /** When Meta last said yes, epoch milliseconds; null: not with this token, or too many requests ago. */
  lastYesAt: number | null;
}

/** How a dataset's events fared in the last day. */
export interface DayOfDataset {
  dataset: string;
  lag: Lag;
  requests: Requests;
}

/** What was heard of a shop's pixel. Epoch milliseconds. */
export interface Heartbeat {
  /** When it last told of an event; null: never, or so long ago that it is not kept any more. */
  lastHeardAt: number | null;
  /** Of how many events it told since then, about an hour ago: counts are kept by quarters of an hour. */
  heard: number;
  since: number;
}

/** `limit`: how many requests were looked at, at the most; `tokenAt`: when the token was set. */
export function requestsSummary(rows: readonly RequestCount[], limit: number, tokenAt: number): Requests {
  const lately = rows.filter((row) => row.lately === 1);
  const looked = sum(lately);
  const failures = lately.filter(({ verdict }) => verdict !== "accepted");
  const causes = new Map<string, { says: string; count: number; last: number }>();
  for (const { count, last, ...request } of failures) {
    const says = causeOf(request);
    const cause = causes.get(says) ?? { says, count: 0, last: 0 };
    causes.set(says, { says, count: cause.count + count, last: Math.max(cause.last, last) });
  }
  const yes = rows.filter(({ verdict, last }) => verdict === "accepted" && last >= tokenAt);
  return {
    looked,
    more: looked >= limit,
    failed: sum(failures),
    causes: [...causes.values()].sort((a, b) => b.count - a.count),
    lastYesAt: yes.length === 0 ? null : Math.max(...yes.map(({ last }) => last)),
  };
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

/** Why a request failed: Meta's number of it, and a merchant's words. */
function causeOf({ status, code, subcode }: Pick<RequestCount, "status" | "code" | "subcode">): string {
  if (status === null) return `No answer: ${saysOfAnswer("network")}`;
  if (code === null) return `HTTP ${status}: ${saysOfAnswer(`http_${status}`)}`;
  const codes = subcode === null ? `${code}` : `${code}, ${subcode}`;
  return `Error ${codes}: ${saysOfAnswer(`meta_${code}${subcode === null ? "" : `_${subcode}`}`)}`;
}

/** The queue in a sentence. */
export function queueWords({ waiting, more }: Queue): string {
  if (waiting === 0) return "Nothing waits.";
  return `${more ? "More than " : ""}${counted(waiting, "event")} ${waiting === 1 && !more ? "waits" : "wait"}.`;
}
