import { isIP } from "node:net";
import pino from "pino";

export type Log = pino.Logger;

/**
 * Structured logs on standard output, one JSON object a line. Personal data never gets here in the first place; what cleans
 * a line on its way out is the net under that rule, not the rule.
 */
export function openLog(
  level: string,
  destination: pino.DestinationStream & { flushSync?: () => void } = pino.destination({ fd: 1, sync: false }),
): Log {
  const cleaned = {
    write: (line: string) => destination.write(cleanLine(line)),
    // pino's fatal asks for it: what it says last must be out before the process is.
    flushSync: () => destination.flushSync?.(),
  };
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: wordsOfError },
    },
    cleaned,
  );
}

/** What an error is and where it came from; what else hangs on it (a response, a request, its headers) is left out. */
function wordsOfError(error: unknown): object {
  // Shopify's library throws its answers.
  if (error instanceof Response) return { message: `answered ${error.status}` };
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: wordsOfError(cause) }) };
}

/**
 * What a process says of an error that ends it: where it came from and what caused it, cleaned as a line of the log is. Node's
 * own report would print whatever hangs on it: the address that is none, the row that did not fit.
 */
export function wordsOfCrash(error: unknown): string {
  return cleanText(storyOf(error));
}

function storyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack = `${name}: ${message}`, cause } = error;
  return cause === undefined ? stack : `${stack}\ncaused by ${storyOf(cause)}`;
}

const REDACTED = "[Redacted]";

/** Fields whose value is nobody's business, however deep and in whatever spelling. */
const SECRET_FIELDS = new Set(
  `token access_token refresh_token id_token authorization cookie password secret body
  email phone em ph fn ln first_name last_name ip client_ip client_ip_address browser_ip
  user_agent client_user_agent fbp fbc fbclid user_data match_keys`
    .split(/\s+/)
    .map(plainName),
);

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** What such values look like inside a text: an error quotes what it choked on. None may take long over a long text. */
const SECRETS: readonly RegExp[] = [
  // Meta's access tokens.
  /EAA[A-Za-z0-9]{6,}/g,
  // Shopify's: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
  /shp[a-z]{2}_\w+/g,
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\bBearer\s+)[^\s"',;]+/gi,
  /(?<=token(?:=|%3D))[^\s"'&#]+/gi,
  /(?<=fbclid(?:=|%3D))[^\s"'&#]+/gi,
  /(?<=token"\s*:\s*")[^"]+/gi,
  // fbp, and fbc with its click id.
  /\bfb\.\d\.\d+\.[\w.-]+/gi,
  /[^\s"'<>()[\],;:=/?&]{1,64}(?:@|%40)[^\s"'<>()[\],;:=/?&@]{1,255}\.[a-z]{2,}/gi,
  /\b(?:Mozilla|Opera|Dalvik)\/\d[^"\n]*/g,
  // V8 quotes what it could not parse: up to ten characters on both sides.
  /(?:\.\.\.)?"[\s\S]{0,60}?"(?:\.\.\.)?(?= is not valid JSON)/g,
];

/** An address of the Internet protocol, or what looks like one: a time of day does too. */
const ADDRESS = /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|[\da-f]*:[\da-f]*:[\da-f:.]*[\da-f:](?![\w:]))/gi;
/** Our own and our neighbours': no shopper has such a one. */
const OURS = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0$|::1?$)/;

/** A text with everything taken out that looks like a token or a person. */
function cleanText(text: string): string {
  const known = SECRETS.reduce((left, secret) => left.replace(secret, REDACTED), text);
  return known.replace(ADDRESS, (found) => (isIP(found) !== 0 && !OURS.test(found) ? REDACTED : found));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      cleanText(name),
      SECRET_FIELDS.has(plainName(name)) ? REDACTED : cleanValue(inner),
    ]),
  );
}

/** The line as pino wrote it, cleaned after it was put together: so nothing gets past, be it a message, a stack or a child's. */
function cleanLine(line: string): string {
  return `${JSON.stringify(cleanValue(JSON.parse(line)))}\n`;
}
