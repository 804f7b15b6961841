import { z } from "zod";
import { type Answer, json, jsonOf } from "./http";
import { type AppCredentials, openSessionToken } from "./session-token";
import { ACCESS_MS, type Issued, REFRESH_MS, type TokenKind, type Tokens } from "./tokens";

/** A session token that was handed in for an access token. */
export interface Exchange {
  shop: string;
  kind: TokenKind;
  expiring: boolean;
  /** What Shopify answered; null when it refused. */
  accessToken: string | null;
}

/** A refresh token that was handed in for the next pair. */
export interface Refresh {
  shop: string;
  /** What Shopify answered; null when it refused. */
  accessToken: string | null;
}

export interface TokenDesk {
  app: AppCredentials;
  tokens: Tokens;
  now: () => number;
  /** Every exchange and refresh that was asked for, oldest first. */
  exchanges: Exchange[];
  refreshes: Refresh[];
}

const KINDS = {
  "urn:shopify:params:oauth:token-type:offline-access-token": "offline",
  "urn:shopify:params:oauth:token-type:online-access-token": "online",
} as const;

const credentials = { client_id: z.string(), client_secret: z.string() };

/**
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange and
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
 */
const tokenRequest = z.discriminatedUnion("grant_type", [
  z.object({
    ...credentials,
    grant_type: z.literal("urn:ietf:params:oauth:grant-type:token-exchange"),
    subject_token: z.string(),
    subject_token_type: z.literal("urn:ietf:params:oauth:token-type:id_token"),
    requested_token_type: z.enum(Object.keys(KINDS) as [keyof typeof KINDS]),
    expiring: z.enum(["0", "1"]).optional(),
  }),
  z.object({ ...credentials, grant_type: z.literal("refresh_token"), refresh_token: z.string() }),
]);

type TokenRequest = z.infer<typeof tokenRequest>;
type ExchangeRequest = Extract<TokenRequest, { subject_token: string }>;
type RefreshRequest = Extract<TokenRequest, { refresh_token: string }>;

/** Answers POST /admin/oauth/access_token as strictly as Shopify does. */
export function answerTokenRequest(text: string, shop: string, desk: TokenDesk): Answer {
  const parsed = tokenRequest.safeParse(jsonOf(text));
  if (!parsed.success) return json({ error: "invalid_request" }, 400);
  const { client_id, client_secret } = parsed.data;
  const known = client_id === desk.app.key && client_secret === desk.app.secret;
  return "refresh_token" in parsed.data
    ? refresh(parsed.data, shop, known, desk)
    : exchange(parsed.data, shop, known, desk);
}

function exchange(asked: ExchangeRequest, shop: string, known: boolean, desk: TokenDesk): Answer {
  const { requested_token_type, expiring, subject_token } = asked;
  const record: Exchange = { shop, kind: KINDS[requested_token_type], expiring: expiring === "1", accessToken: null };
  desk.exchanges.push(record);
  if (!known) return json({ error: "application_cannot_be_found" }, 400);
  const claims = openSessionToken(desk.app, subject_token, desk.now());
  if (claims?.dest !== `https://${shop}`) return json({ error: "invalid_subject_token" }, 400);
  const issued = desk.tokens.issue(shop, record.kind, record.expiring);
  record.accessToken = issued.accessToken;
  return json({ ...tokenBody(issued), ...(record.kind === "online" ? staffBody(claims.sub) : {}) });
}

function refresh(asked: RefreshRequest, shop: string, known: boolean, desk: TokenDesk): Answer {
  const record: Refresh = { shop, accessToken: null };
  desk.refreshes.push(record);
  if (!known) return json({ error: "application_cannot_be_found" }, 400);
  const issued = desk.tokens.refresh(shop, asked.refresh_token);
  if (issued === null) return json(REFUSED_REFRESH, 401);
  record.accessToken = issued.accessToken;
  return json(tokenBody(issued));
}

/** In Shopify's words: https://community.shopify.dev/t/35182 */
const REFUSED_REFRESH = {
  error: "invalid_request",
  error_description: "This request requires an active refresh_token",
};

function tokenBody({ accessToken, refreshToken, expiresAt }: Issued): object {
  return {
    access_token: accessToken,
    scope: "read_customer_events,read_orders,write_pixels",
    ...(expiresAt === null ? {} : { expires_in: ACCESS_MS / 1000 }),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken, refresh_token_expires_in: REFRESH_MS / 1000 }),
  };
}

/** Shopify tells of the member of staff behind an online token. */
function staffBody(user: string): object {
  return {
    associated_user_scope: "read_orders",
    associated_user: {
      id: Number(user),
      first_name: "Sam",
      last_name: "Sample",
      email: "sam.sample@example.com",
      email_verified: true,
      account_owner: true,
      locale: "en",
      collaborator: false,
    },
  };
}
