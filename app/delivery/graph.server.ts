import { Agent, type Dispatcher, fetch as undiciFetch } from "undici";
import { z } from "zod";
import type { TextSource } from "./answer-text";
import { restOf } from "./usage";
import { type Answer, type Judgement, judgeToken } from "./verdicts";

/** Where events go and as whom. */
export interface Destination {
  /** https://graph.facebook.com */
  graphUrl: string;
  /** v25.0 */
  version: string;
  /** Meta's number of the dataset. */
  dataset: string;
  token: string;
}

export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{ status: number; headers: { get(name: string): string | null } } & TextSource>;

/** Meta answers in about half a second; what takes longer than this is an outage. */
export const META_TIMEOUT_MS = 10_000;
const KEPT_ANSWER = 4_000;

/**
 * More than a process has requests in flight (app/pipeline/slots.ts) and asks about tokens at once: a request that waited for
 * a connection would have less of its time left for Meta's answer.
 */
const CONNECTIONS = 32;

/**
 * A pool of kept-alive connections to Meta; close it when the process ends. `onlyAllowed` refuses hosts that are not Meta's. A
 * redirect is an answer like any other, and not Meta's: followed, a 307 would take the events along to wherever it points.
 */
export function openGraphPool(onlyAllowed: Dispatcher.DispatcherComposeInterceptor): {
  fetch: Fetch;
  close(): Promise<void>;
} {
  const agent = new Agent({
    keepAliveTimeout: 30_000,
    connections: CONNECTIONS,
    connect: { timeout: META_TIMEOUT_MS },
  });
  const dispatcher = agent.compose(onlyAllowed);
  return {
    fetch: (url, init) => undiciFetch(url, { ...init, redirect: "manual", dispatcher }),
    close: () => agent.close(),
  };
}

/**
 * Who sends, so that Meta can tell what came from us from what others send: name_major_minor, lower case. The
 * numbers are of this name and stay whatever version Tandem has: under a new one, what left before would look like another sender's.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
export const PARTNER_AGENT = "tandem_0_1";

/** The body of one request; its SHA-256 is kept with the attempt. `events`: JSON texts, sent as they are. */
export function requestBody(events: readonly string[], testCode: string | null): string {
  const code = testCode === null ? "" : `,"test_event_code":${JSON.stringify(testCode)}`;
  return `{"data":[${events.join(",")}],"partner_agent":"${PARTNER_AGENT}"${code}}`;
}

/** One request to Meta. Never throws: whatever happens is an answer. The token travels in a header, never in the URL. */
export async function postEvents(destination: Destination, body: string, fetch: Fetch): Promise<Answer> {
  const url = `${destination.graphUrl}/${destination.version}/${destination.dataset}/events`;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${destination.token}` },
      body,
      signal: AbortSignal.timeout(META_TIMEOUT_MS),
    });
    // Meta quotes a malformed token in its answer, and the answer is kept.
    const text = (await response.text()).replaceAll(destination.token, "<token>");
    const retryAfter = retryAfterOf(response.headers.get("retry-after"));
    const answer = answerOf(response.status, text, retryAfter);
    const rest = restOf(response.headers);
    return rest === null ? answer : { ...answer, rest };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    // A token that cannot stand in a header is quoted by the error that says so.
    const text = causeOf(error).replaceAll(destination.token, "<token>");
    return { kind: "silence", cause: timedOut ? "timeout" : "network", text };
  }
}

/**
 * Whether Meta takes a token for its dataset, asked with a request that holds no event: nothing is sent, nothing is counted.
 * Never throws. Reading the dataset would be another question: Meta gives UPLOAD (send events) without ANALYZE (view).
 * https://developers.facebook.com/docs/business-management-apis/business-asset-management/guides/business-pixel-sharing
 */
export async function askAboutToken(destination: Destination, fetch: Fetch): Promise<Judgement> {
  return judgeToken(await postEvents(destination, requestBody([], null), fetch));
}

/** What Meta calls a request by; anything else in its place is nobody's id, and is not kept. */
const traceId = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .optional()
  .catch(undefined);
const accepted = z.object({ events_received: z.number(), fbtrace_id: traceId });
const failed = z.object({
  error: z.object({
    code: z.number().int(),
    error_subcode: z.number().int().optional(),
    is_transient: z.boolean().optional(),
    fbtrace_id: traceId,
  }),
});

function answerOf(status: number, text: string, retryAfter: number | null): Answer {
  const kept = text.slice(0, KEPT_ANSWER);
  const json = jsonOf(text);
  const success = accepted.safeParse(json);
  if (status === 200 && success.success) {
    return { kind: "accepted", status, fbtraceId: success.data.fbtrace_id ?? null, text: kept };
  }
  const failure = failed.safeParse(json);
  if (!failure.success) return { kind: "foreign", status, retryAfter, text: kept };
  const { code, error_subcode, is_transient, fbtrace_id } = failure.data.error;
  return {
    kind: "error",
    status,
    code,
    subcode: error_subcode ?? null,
    transient: is_transient ?? false,
    fbtraceId: fbtrace_id ?? null,
    retryAfter,
    text: kept,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After in seconds, as milliseconds; an hour at the most, so that a strange header cannot stop a shop. */
function retryAfterOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : null;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.name}: ${error.message}${cause}`.slice(0, KEPT_ANSWER);
}
