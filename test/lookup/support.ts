import { GraphqlQueryError } from "@shopify/shopify-api";
import { onTestFinished } from "vitest";
import { openLog } from "~/log.server";
import type { Answers, Lookups } from "~/lookup/lookups";
import { openLookups } from "~/lookup/lookups.server";
import type { AdminGraphql } from "~/settings/admin-api.server";
import { openStore, type Store } from "~/store/store.server";
import { Books } from "../simulators/shopify/admin/books";
import { type AdminApi, answerGraphql } from "../simulators/shopify/admin/graphql";
import { GraphqlWeather } from "../simulators/shopify/admin/graphql-weather";
import { readDefinition } from "../simulators/shopify/admin/pixel-definition";
import { WebPixels } from "../simulators/shopify/admin/web-pixels";
import { Tokens } from "../simulators/shopify/tokens";
import { DAY, type HeldClock, heldClock } from "../support/clock";
import { freshDatabase } from "../support/database";

export const DOMAIN = "example-shop.myshopify.com";

/** Lookups over a database of their own and the stand-in's Admin API. */
export interface Looking {
  lookups: Lookups;
  shop: { id: number; domain: string };
  store: Store;
  clock: HeldClock;
  /** The Admin API as the lookups ask it. */
  graphql: AdminGraphql;
  /** The stand-in: what it has sold, its weather, what it was asked. */
  api: AdminApi;
  /** How many ids each question named. */
  asked(): number[];
  log: string[];
  /** Answers in Shopify's place; null leaves it to the stand-in. */
  answerWith(body: unknown): void;
  /** The shop's session comes or goes. */
  session(there: boolean): void;
}

export async function openLooking({ patienceMs }: { patienceMs?: number } = {}): Promise<Looking> {
  const clock = heldClock();
  const store = openStore(freshDatabase());
  onTestFinished(() => store.close());
  const { id } = await store.ensureShop({
    domain: DOMAIN,
    beaconKey: "b",
    dataKey: "d",
    settings: "{}",
    createdAt: DAY,
  });
  const tokens = new Tokens(clock.now);
  const pixels = new WebPixels(readDefinition());
  const api: AdminApi = { tokens, pixels, weather: new GraphqlWeather(), facts: {}, books: new Books(), records: [] };
  const log: string[] = [];
  let instead: unknown = null;
  let session = true;

  const graphql: AdminGraphql = async (query, { variables = {} } = {}) => {
    const { accessToken } = tokens.issue(DOMAIN, "offline", true);
    const text = JSON.stringify({ query, variables });
    const answer = await answerGraphql({ shop: DOMAIN, accessToken, text }, api);
    if (answer === null) return new Promise(() => undefined);
    // As Shopify's library does.
    if (answer.status !== 200) throw new Response(null, { status: answer.status });
    const body = instead ?? JSON.parse(answer.body);
    if (body.errors) {
      const errors = { networkStatusCode: 200, message: "", graphQLErrors: body.errors };
      const message = body.errors[0]?.message ?? "";
      throw new GraphqlQueryError({ message, response: body, body: { ...body, errors } });
    }
    return { json: async () => body };
  };
  const lookups = openLookups({
    store,
    log: openLog("debug", { write: (line) => void log.push(line) }),
    now: clock.now,
    graphqlOf: async (domain) => {
      if (!session) throw new Error(`Could not find a session for shop ${domain}`);
      return graphql;
    },
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  return {
    lookups,
    shop: { id, domain: DOMAIN },
    store,
    clock,
    graphql,
    api,
    asked: () => api.records.map(({ variables }) => (variables.ids as string[]).length),
    log,
    answerWith: (body) => {
      instead = body;
    },
    session: (there) => {
      session = there;
    },
  };
}

/** An order of a customer that Shopify has attributed, of one line without a selling plan. */
export function sold(
  over: { customer?: string | null; test?: boolean; attributed?: boolean; plans?: (string | null)[] } = {},
) {
  return { customer: "71", test: false, attributed: true, plans: [null], ...over };
}

/** Asked, and Shopify knows nothing of it; or there was nothing to ask. */
export const NOTHING: Answers<unknown> = { told: new Map(), unasked: new Set() };

/** Shopify could not be asked about these, and nobody else knows them. */
export function unasked(...ids: string[]): Answers<unknown> {
  return { told: new Map(), unasked: new Set(ids) };
}
