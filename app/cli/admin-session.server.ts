import { ApiVersion, GraphqlQueryError } from "@shopify/shopify-api";
import { z } from "zod";
import type { AdminGraphql } from "../settings/admin-api.server";
import { sealedSessionStorage } from "../settings/sealed-sessions.server";
import type { OpenStore } from "./open-store.server";

/** What is known of a shop's session. */
export interface KnownSession {
  scope: string | undefined;
  accessToken: string | undefined;
  /** Epoch milliseconds; null: never. */
  expires: number | null;
}

/** A shop's offline session; null: there is none. */
export async function sessionOf(
  domain: string,
  { db, store, keyring }: Pick<OpenStore, "db" | "store" | "keyring">,
  now: () => number,
): Promise<KnownSession | "unreadable" | null> {
  const sessions = sealedSessionStorage({ db, store, keyring, now });
  try {
    const found = await sessions.findSessionsByShop?.(domain);
    const session = found?.find(({ isOnline }) => !isOnline);
    if (session === undefined) return null;
    const { scope, accessToken, expires } = session;
    return { scope, accessToken, expires: expires?.getTime() ?? null };
  } catch {
    return "unreadable";
  }
}

/** Why Shopify cannot be asked with a session; null: it can. */
export function obstacleOf(session: KnownSession | "unreadable" | null, now: number): string | null {
  if (session === "unreadable") return "what is stored of this shop's session does not open";
  if (session?.accessToken === undefined) return "no session of this shop to ask Shopify with";
  const ended = session.expires !== null && session.expires <= now;
  return ended ? "Shopify cannot be asked, the session's token has run out" : null;
}

const refused = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

/** The Admin API with the session's token as it is: a command renews nothing, that is the server's business. */
export function graphqlWith(
  domain: string,
  token: string,
  fetch: typeof globalThis.fetch,
  version: string = ApiVersion.July26,
): AdminGraphql {
  return async (query, { variables = {} } = {}) => {
    const response = await fetch(`https://${domain}/admin/api/${version}/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token },
      body: JSON.stringify({ query, variables }),
    });
    if (!response.ok) throw new Error(`Shopify answered ${response.status}.`);
    const body = await response.json();
    const { data: errors } = refused.safeParse(body);
    // As Shopify's library does.
    if (errors !== undefined) {
      throw new GraphqlQueryError({ message: errors.errors[0]?.message ?? "", response: {}, body });
    }
    return { json: async () => body };
  };
}
