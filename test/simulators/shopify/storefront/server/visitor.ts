import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Cart } from "../commerce/cart";
import type { Origin } from "../commerce/checkout";
import { CHOICE_COOKIES, type Choices, choicesOf } from "../pixel/privacy";
import { type CountryCode, isCountryCode } from "../tables/countries";
import type { Memory, Session } from "./memory";

/** Whoever sends a request. */
export interface Visitor {
  country: CountryCode;
  choices: Choices;
  cart: Cart | null;
  origin: Origin;
  /** Set-Cookie lines that keep them known. */
  cookies: string[];
}

/** The page that is being opened; null: a request of a page that is open. */
export interface Opening {
  /** Path and query. */
  path: string;
  referrer: string;
}

const VISITOR = "_shopify_y";
const SESSION = "_shopify_s";
const CART = "cart";
const MINUTE_MS = 60_000;
/** A visit ends when nothing was opened for so long. */
const SESSION_MS = 30 * MINUTE_MS;
const FORTNIGHT_SECONDS = 1_209_600;
const YEAR_SECONDS = 31_536_000;
/** An address for documentation, so that a shopper on this machine has one that looks like anybody's. */
const LOOPBACK_SEEN_AS = "203.0.113.80";

export function visitorOf(request: IncomingMessage, opening: Opening | null, memory: Memory, now: number): Visitor {
  const cookies = cookiesOf(request);
  const visitorId = cookies.get(VISITOR) ?? randomUUID();
  const sessionId = cookies.get(SESSION) ?? randomUUID();
  const session = sessionOf(sessionId, opening, memory, now);
  const country = cookies.get(CHOICE_COOKIES.country) ?? "";
  return {
    country: isCountryCode(country) ? country : "US",
    choices: choicesOf((name) => cookies.get(name)),
    cart: memory.carts.get(cookies.get(CART) ?? "") ?? null,
    origin: {
      visitorId,
      landing: session.landing,
      referrer: session.referrer,
      ip: addressOf(request),
      userAgent: request.headers["user-agent"] ?? "",
      acceptLanguage: request.headers["accept-language"] ?? null,
    },
    cookies: [
      setCookie(VISITOR, visitorId, YEAR_SECONDS),
      ...(opening === null ? [] : [setCookie(SESSION, sessionId, SESSION_MS / 1000)]),
    ],
  };
}

function sessionOf(id: string, opening: Opening | null, memory: Memory, now: number): Session {
  const known = memory.sessions.get(id);
  const goesOn = known !== undefined && now - known.seenAt <= SESSION_MS;
  if (opening === null) return known ?? { landing: "/", referrer: "", seenAt: now };
  const session = goesOn
    ? { ...known, seenAt: now }
    : { landing: opening.path, referrer: opening.referrer, seenAt: now };
  memory.sessions.set(id, session);
  return session;
}

/** Which cart is the visitor's; null: none any more. */
export function cartCookie(token: string | null): string {
  return setCookie(CART, token ?? "", token === null ? 0 : FORTNIGHT_SECONDS);
}

function setCookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax`;
}

function cookiesOf(request: IncomingMessage): Map<string, string> {
  const pairs = (request.headers.cookie ?? "").split(/;\s*/).filter(Boolean);
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? ["", pair] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function addressOf(request: IncomingMessage): string {
  const said = request.headers["x-stand-in-ip"];
  if (typeof said === "string" && said !== "") return said;
  const connection = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return connection === "" || connection === "::1" || connection.startsWith("127.") ? LOOPBACK_SEEN_AS : connection;
}
