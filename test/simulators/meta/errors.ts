import { randomBytes } from "node:crypto";
import type { GraphError } from "./types";

interface ErrorRow {
  http: number;
  code: number;
  subcode?: number;
  type: string;
  message: string;
  transient?: boolean;
  /** What Graph says to a person; it comes localised, so nobody may match on it. */
  title?: string;
}

/**
 * Graph's errors as far as a sender of events meets them.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 * https://developers.facebook.com/docs/marketing-api/error-reference
 */
export const ERRORS = {
  unknown: { http: 500, code: 1, type: "OAuthException", message: "An unknown error occurred" },
  bodyTooLarge: {
    http: 413,
    code: 1,
    type: "OAuthException",
    message: "Please reduce the amount of data you're sending, then retry your request",
  },
  unavailable: {
    http: 503,
    code: 2,
    type: "OAuthException",
    message: "Service temporarily unavailable",
    transient: true,
  },
  missingCapability: {
    http: 400,
    code: 3,
    type: "OAuthException",
    message: "(#3) Application does not have the capability to make this API call.",
  },
  appThrottled: {
    http: 403,
    code: 4,
    type: "OAuthException",
    message: "(#4) Application request limit reached",
    transient: true,
  },
  permissionDenied: {
    http: 403,
    code: 10,
    type: "OAuthException",
    message: "(#10) Application does not have permission for this action",
  },
  userThrottled: {
    http: 400,
    code: 17,
    subcode: 2446079,
    type: "OAuthException",
    message: "(#17) User request limit reached",
    transient: true,
  },
  objectMissing: {
    http: 400,
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message:
      "Unsupported post request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
  },
  invalidParameter: {
    http: 400,
    code: 100,
    type: "OAuthException",
    message: "Invalid parameter",
    title: "Invalid parameter",
  },
  eventTooOld: {
    http: 400,
    code: 100,
    subcode: 2804003,
    type: "OAuthException",
    message: "Invalid parameter",
    title: "Event timestamp too old",
  },
  purchaseWithoutValue: {
    http: 400,
    code: 100,
    subcode: 2804009,
    type: "OAuthException",
    message: "Invalid parameter",
    title: "Missing value for a Purchase event",
  },
  tooFewMatchKeys: {
    http: 400,
    code: 100,
    subcode: 2804050,
    type: "OAuthException",
    message: "Invalid parameter",
    title: "Not enough customer information",
  },
  sessionInvalid: { http: 401, code: 102, type: "OAuthException", message: "Session key invalid or no longer valid" },
  tokenMissing: {
    http: 400,
    code: 104,
    type: "OAuthException",
    message: "An access token is required to request this resource.",
  },
  appRemoved: {
    http: 400,
    code: 190,
    subcode: 458,
    type: "OAuthException",
    message: "Error validating access token: The user has not authorized the application.",
  },
  passwordChanged: {
    http: 401,
    code: 190,
    subcode: 460,
    type: "OAuthException",
    message: "Error validating access token: The session was invalidated because the password changed.",
  },
  tokenDead: {
    http: 401,
    code: 190,
    subcode: 463,
    type: "OAuthException",
    message: "Error validating access token: Session has expired.",
  },
  tokenUnknown: {
    http: 400,
    code: 190,
    subcode: 467,
    type: "OAuthException",
    message: "Invalid OAuth access token - Cannot parse access token",
  },
  permissionMissing: { http: 403, code: 200, type: "OAuthException", message: "(#200) Permissions error" },
  managementMissing: {
    http: 403,
    code: 294,
    type: "OAuthException",
    message: "(#294) Managing advertisements requires an access token with the extended permission",
  },
  appLimit: {
    http: 400,
    code: 341,
    type: "OAuthException",
    message: "(#341) Application limit reached",
    transient: true,
  },
  policyBlock: {
    http: 403,
    code: 368,
    type: "OAuthException",
    message: "The action attempted has been deemed abusive or is otherwise disallowed",
  },
  callsThrottled: {
    http: 400,
    code: 613,
    type: "OAuthException",
    message: "(#613) Calls to this api have exceeded the rate limit.",
    transient: true,
  },
  unknownPath: { http: 400, code: 2500, type: "OAuthException", message: "Unknown path components" },
  versionExpired: {
    http: 400,
    code: 2635,
    type: "OAuthException",
    message: "(#2635) You are calling a deprecated version of the API. Please update to the latest version.",
  },
  businessThrottled: {
    http: 400,
    code: 80004,
    subcode: 2446079,
    type: "OAuthException",
    message: "(#80004) There have been too many calls to this account. Wait a bit and try again.",
    transient: true,
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof ERRORS;

const ROWS: readonly ErrorRow[] = Object.values(ERRORS);

/** Why a request is refused: a row of the table, the field to blame (`["data", "3", "event_time"]`), words for a person. */
export interface Refusal {
  error: ErrorName;
  path?: readonly string[];
  why?: string;
}

/** An error that is ready to leave: its HTTP status and the object inside `{"error": …}`. */
export interface Refused {
  http: number;
  error: GraphError;
}

/** Graph's id of one answer; never the same twice. */
export function newTraceId(): string {
  return `A${randomBytes(16).toString("base64url")}`;
}

/** Puts a refusal into Graph's words. */
export function refuse(refusal: Refusal, traceId: string): Refused {
  const row: ErrorRow = ERRORS[refusal.error];
  const error = graphError(row, traceId);
  if (row.title !== undefined) error.error_user_title = row.title;
  if (refusal.why !== undefined) error.error_user_msg = refusal.why;
  if (refusal.path !== undefined) error.error_data = JSON.stringify({ blame_field_specs: [[blame(refusal.path)]] });
  return { http: row.http, error };
}

/** An error by its numbers, for scripted weather; what the table does not know becomes a plain 400. */
export function refuseByCode(code: number, subcode: number | undefined, transient: boolean | undefined): Refused {
  const known =
    ROWS.find((row) => row.code === code && row.subcode === subcode) ?? ROWS.find((row) => row.code === code);
  const row = known ?? { http: 400, code, type: "OAuthException", message: `(#${code}) Scripted error` };
  const error = graphError(row, newTraceId());
  delete error.error_subcode;
  if (subcode !== undefined) error.error_subcode = subcode;
  if (transient !== undefined) error.is_transient = transient;
  return { http: row.http, error };
}

function graphError(row: ErrorRow, traceId: string): GraphError {
  return {
    message: row.message,
    type: row.type,
    code: row.code,
    ...(row.subcode === undefined ? {} : { error_subcode: row.subcode }),
    is_transient: row.transient ?? false,
    fbtrace_id: traceId,
  };
}

function blame([head = "", ...rest]: readonly string[]): string {
  return head + rest.map((part) => `[${part}]`).join("");
}
