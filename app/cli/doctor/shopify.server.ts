import { AuthScopes } from "@shopify/shopify-api";
import { z } from "zod";
import { counted } from "../../counted";
import { type AdminGraphql, askAdmin, wordsOfFailure } from "../../settings/admin-api.server";
import type { AppFile } from "./app-file.server";
import { fine, type Row, wrong } from "./row";

/** What is known of a shop's session. */
export interface KnownSession {
  scope: string | undefined;
  accessToken: string | undefined;
  /** Epoch milliseconds; null: never. */
  expires: number | null;
}

export interface AdminDeps {
  fetch: typeof fetch;
  now: () => number;
}

/** The scopes the session has, against those the app needs. */
export function checkScopes(shop: string, session: KnownSession | null, { scopes }: AppFile): Row {
  const about = { shop };
  if (session === null) return fine("scopes", "no session of this shop: install the app there to have any", about);
  const has = new AuthScopes(session.scope ?? "");
  const missing = scopes.filter((scope) => !has.has(scope));
  if (missing.length === 0) return fine("scopes", `all ${scopes.length} that are needed`, about);
  return wrong("scopes", `${missing.join(", ")} missing: open the app in the shop's admin and accept them`, about);
}

/**
 * The webhook subscriptions. Shopify tells of those only that were made for the one shop, never of those in shopify.app.toml:
 * https://shopify.dev/docs/api/admin-graphql/2026-07/queries/webhookSubscriptions — so what it does not list is no fault, but
 * what it lists arrives a second time, and with every field of the customer, not just with those that are read.
 */
export async function checkSubscriptions(
  shop: string,
  session: KnownSession | null,
  file: AppFile,
  { fetch, now }: AdminDeps,
): Promise<Row> {
  const about = { shop };
  const wanted = `${counted(file.topics.length, "topic")} in shopify.app.toml`;
  if (session?.accessToken === undefined)
    return fine("subscriptions", `${wanted}; no session of this shop to ask Shopify with`, about);
  if (session.expires !== null && session.expires <= now()) {
    return fine(
      "subscriptions",
      `${wanted}; Shopify cannot be asked, the session's token has run out: open the app to renew it`,
      about,
    );
  }
  try {
    const asked = graphqlOf(shop, session.accessToken, file.apiVersion, fetch);
    const listed = answered.parse(await askAdmin(asked, LIST)).data.webhookSubscriptions.nodes;
    if (listed.length === 0) return fine("subscriptions", `${wanted}, none beside them`, about);
    const beside = listed.map(({ topic, uri }) => `${topicOf(topic, file)} to ${uri}`).join(", ");
    return wrong(
      "subscriptions",
      `${wanted}, and beside them ${beside}: remove these with webhookSubscriptionDelete`,
      about,
    );
  } catch (error) {
    const strange = error instanceof z.ZodError;
    // A token that cannot stand in a header is quoted by the error that says so.
    const words = strange
      ? "Shopify gave an answer that Tandem does not know."
      : wordsOfFailure(error).replaceAll(session.accessToken, "<token>");
    return wrong("subscriptions", `${wanted}; ${words} Open the app in the shop's admin, then ask again`, about);
  }
}

const LIST = `#graphql
  query Subscriptions { webhookSubscriptions(first: 100) { nodes { topic uri } } }`;

const answered = z.object({
  data: z.object({
    webhookSubscriptions: z.object({ nodes: z.array(z.object({ topic: z.string(), uri: z.string() })) }),
  }),
});

/** ORDERS_CREATE is Shopify's other word for orders/create. */
function topicOf(name: string, { topics }: AppFile): string {
  return topics.find((topic) => topic.replaceAll(/[/_]/g, "_").toUpperCase() === name) ?? name;
}

/** The Admin API with the session's token as it is: a look renews nothing, that is the server's business. */
function graphqlOf(shop: string, token: string, version: string, fetch: AdminDeps["fetch"]): AdminGraphql {
  return async (query, { variables = {} } = {}) => {
    const response = await fetch(`https://${shop}/admin/api/${version}/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token },
      body: JSON.stringify({ query, variables }),
    });
    if (!response.ok) throw new Error(`Shopify answered ${response.status}.`);
    return response;
  };
}
