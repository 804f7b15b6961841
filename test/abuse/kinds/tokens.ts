import { createHmac } from "node:crypto";
import { mintSessionToken, type SessionClaims } from "../../simulators/shopify/session-token";
import { answered, type Case, type Kind } from "../attack";
import { visit } from "../messages";
import { waysOf } from "../routes";
import { APP, type Shop } from "../shops";
import type { Answer } from "../wire";
import { formsOf } from "./forms";

interface Forgery {
  victim: Shop;
  attacker: Shop;
}

/** Session tokens that open nothing; null: none is shown. */
const FORGERIES: Record<string, (of: Forgery) => string | null> = {
  none: () => null,
  empty: () => "",
  no_token: () => "not.a.token",
  without_a_signature: ({ victim }) => {
    const [head, claims] = mintSessionToken(APP, victim.domain).split(".");
    return `${head}.${claims}.`;
  },
  alg_none: ({ victim }) => `${encode({ alg: "none", typ: "JWT" })}.${encode(claimsOf(victim))}.`,
  alg_none_signed: ({ victim }) => signed({ alg: "none" }, claimsOf(victim), "sha256", APP.secret),
  alg_of_another_length: ({ victim }) => signed({ alg: "HS512", typ: "JWT" }, claimsOf(victim), "sha512", "another"),
  alg_of_two_keys: ({ victim }) => signed({ alg: "RS256", typ: "JWT" }, claimsOf(victim), "sha256", APP.key),
  key_of_its_own: ({ victim }) =>
    signed({ alg: "HS256", jwk: { kty: "oct", k: "YW5vdGhlcg" } }, claimsOf(victim), "sha256", "another"),
  another_secret: ({ victim }) => mintSessionToken({ ...APP, secret: "another" }, victim.domain),
  empty_secret: ({ victim }) => mintSessionToken({ ...APP, secret: "" }, victim.domain),
  another_app: ({ victim }) => mintSessionToken({ ...APP, key: "another-app" }, victim.domain),
  over: ({ victim }) => mintSessionToken(APP, victim.domain, { ttl: -60 }),
  not_yet: ({ victim }) => mintSessionToken(APP, victim.domain, { now: Date.now() + 3_600_000 }),
  claims_exchanged: ({ victim, attacker }) => {
    const [head, , signature] = mintSessionToken(APP, attacker.domain).split(".");
    return `${head}.${encode(claimsOf(victim))}.${signature}`;
  },
  issued_by_another_shop: ({ victim, attacker }) => mintSessionToken(APP, victim.domain, { issuer: attacker.domain }),
  for_no_shop: ({ victim }) =>
    signed(
      HS256,
      { ...claimsOf(victim), dest: "https://evil.example.com", iss: "https://evil.example.com/admin" },
      "sha256",
      "another",
    ),
};

const HS256 = { alg: "HS256", typ: "JWT" };

function claimsOf({ domain }: Shop): SessionClaims {
  const [, claims = ""] = mintSessionToken(APP, domain).split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signed(head: object, claims: SessionClaims, hash: "sha256" | "sha512", secret: string): string {
  const unsigned = `${encode(head)}.${encode(claims)}`;
  return `${unsigned}.${createHmac(hash, secret).update(unsigned).digest("base64url")}`;
}

export const forgedTokens: Kind = {
  name: "forged_tokens",
  says: "session tokens that Shopify never made, for every page, answer and form of the admin",
  cases: ({ victim, attacker, routes, ids }) =>
    routes.flatMap((route) =>
      waysOf(route).flatMap((way) =>
        Object.values(FORGERIES).map((forge): Case => {
          return () => ({
            send: visit(victim, route, way, {
              token: forge({ victim, attacker }),
              id: idFor(route.names, ids),
              ...(way === "action" && { fields: formsOf(route, victim.dataset)[0] ?? {} }),
            }),
            right: signInOrRefusal,
          });
        }),
      ),
    ),
};

/** The victim's own: what would be there for a good token. */
export function idFor([name]: readonly string[], ids: { dataset: string; delivery: string; rule: string }): string {
  return name === "dataset" ? ids.dataset : name === "id" ? ids.delivery : ids.rule;
}

const refusal = answered(400, 401, 403, 410);

/** Sent to sign in, or sent away. */
function signInOrRefusal(answer: Answer): boolean {
  return refusal(answer) || (answered(302, 204, 200)(answer) && (answer.location ?? "").startsWith("/auth/"));
}
