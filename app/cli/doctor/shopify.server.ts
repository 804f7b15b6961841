import { AuthScopes } from "@shopify/shopify-api";
import { z } from "zod";
import { counted } from "../../counted";
import { askAdmin, wordsOfFailure } from "../../settings/admin-api.server";
import { graphqlWith, type KnownSession, obstacleOf } from "../admin-session.server";
import type { AppFile } from "./app-file.server";
import { fine, type Row, wrong } from "./row";

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
  const { accessToken } = session ?? {};
  const obstacle = obstacleOf(session, now());
  if (accessToken === undefined || obstacle !== null) {
    const renewal = accessToken === undefined ? "" : ": open the app to renew it";
    return fine("subscriptions", `${wanted}; ${obstacle}${renewal}`, about);
  }
  try {
    const asked = graphqlWith(shop, accessToken, fetch, file.apiVersion);
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
      : wordsOfFailure(error).replaceAll(accessToken, "<token>");
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
