import { isObject } from "./checks";
import type { Refusal } from "./errors";
import type { Meta } from "./meta";
import { checkRequest, eventsOf } from "./request-rules";
import type { JsonObject, ReceivedCopy } from "./types";
import { standingOf } from "./versions";
import { serverWarnings } from "./warnings";

const BODY_LIMIT = 1024 * 1024;

/** A request to /events, read but not yet judged. */
export interface EventsRequest {
  at: number;
  version: string;
  dataset: string;
  contentType: string;
  authorization: string | undefined;
  query: URLSearchParams;
  body: string;
  /** How many bytes it came with; more than are in `body` when it was too long to read. */
  bytes: number;
}

/** A request with its body parsed; `json` is undefined when that failed. */
export interface ParsedRequest extends EventsRequest {
  json: unknown;
}

/** Parses the body once, for the judge and for the record. */
export function parse(request: EventsRequest): ParsedRequest {
  try {
    return { ...request, json: JSON.parse(request.body) };
  } catch {
    return { ...request, json: undefined };
  }
}

/** The reason to refuse a request, or null. A whole request is refused for one bad event. */
export function judge(
  request: ParsedRequest,
  { tokens, testCodes }: Pick<Meta, "tokens" | "testCodes">,
): Refusal | null {
  if (request.bytes > BODY_LIMIT) return { error: "bodyTooLarge", why: "A request holds at most 1,048,576 bytes." };
  const standing = standingOf(request.version);
  if (standing === "expired") return { error: "versionExpired" };
  if (standing === "unknown") return { error: "unknownPath", why: `Graph has no version ${request.version}.` };
  if (!/^\d+$/.test(request.dataset)) return { error: "objectMissing", why: "A dataset is named by its digits." };
  if (!/^application\/json\b/i.test(request.contentType)) {
    return { error: "invalidParameter", path: ["data"], why: "Send application/json." };
  }
  if (!isObject(request.json)) return { error: "invalidParameter", path: ["data"], why: "Send a JSON object." };
  const closed = tokens.judge(request.dataset, tokenOf(request, request.json));
  if (closed) return { error: closed };
  return checkRequest(request.json, request.at) ?? checkTestCode(request.json.test_event_code, testCodes);
}

/** The copies that an accepted request leaves behind. */
export function copiesOf(request: ParsedRequest): ReceivedCopy[] {
  const test = isObject(request.json) && "test_event_code" in request.json;
  return eventsOf(request.json)
    .filter(isObject)
    .map((event) => ({
      leg: "server",
      dataset: request.dataset,
      event_name: String(event.event_name),
      event_id: typeof event.event_id === "string" ? event.event_id : null,
      at: request.at,
      body: event,
      test,
      warnings: serverWarnings(event),
    }));
}

function tokenOf(request: EventsRequest, json: JsonObject): string | null {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(request.authorization ?? "") ?? [];
  const inBody = typeof json.access_token === "string" ? json.access_token : null;
  return bearer ?? request.query.get("access_token") ?? inBody;
}

function checkTestCode(code: unknown, known: readonly string[] | null): Refusal | null {
  if (code === undefined || known === null || (typeof code === "string" && known.includes(code))) return null;
  return { error: "invalidParameter", path: ["test_event_code"], why: "This dataset has no such test code." };
}
