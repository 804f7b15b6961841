import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The app's key and secret, as Shopify's partner page shows them. */
export interface AppCredentials {
  key: string;
  secret: string;
}

/** https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens#payload */
export interface SessionClaims {
  iss: string;
  dest: string;
  aud: string;
  sub: string;
  /** Unix seconds, as the next three. */
  exp: number;
  nbf: number;
  iat: number;
  jti: string;
  sid: string;
}

interface MintOptions {
  /** The member of staff who looks at the app. */
  user?: string;
  /** The shop that hands it out; absent: the same that it speaks of. */
  issuer?: string;
  /** Seconds it is good for; negative: it has been over for so long. */
  ttl?: number;
  /** Epoch milliseconds. */
  now?: number;
}

/** What App Bridge hands the app in place of a cookie: who looks at it, in which shop, for a minute. */
export function mintSessionToken(
  { key, secret }: AppCredentials,
  shop: string,
  { user = "4200001", issuer = shop, ttl = 60, now = Date.now() }: MintOptions = {},
): string {
  const second = Math.floor(now / 1000);
  const claims: SessionClaims = {
    iss: `https://${issuer}/admin`,
    dest: `https://${shop}`,
    aud: key,
    sub: user,
    exp: second + ttl,
    nbf: second + Math.min(ttl, 0) - 60,
    iat: second + Math.min(ttl, 0) - 60,
    jti: randomUUID(),
    sid: randomUUID(),
  };
  const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${unsigned}.${signature(unsigned, secret)}`;
}

/** The claims of a token that is signed, for this app, and not over; else null. */
export function openSessionToken(
  { key, secret }: AppCredentials,
  token: string,
  now = Date.now(),
): SessionClaims | null {
  const [head, payload, signed] = token.split(".");
  if (head === undefined || payload === undefined || signed === undefined) return null;
  const given = Buffer.from(signed);
  const wanted = Buffer.from(signature(`${head}.${payload}`, secret));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const claims: SessionClaims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return claims.aud === key && claims.exp * 1000 > now ? claims : null;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
