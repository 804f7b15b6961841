import { GraphqlQueryError } from "@shopify/shopify-api";
import type { AdminGraphql } from "~/settings/admin-api.server";
import type { Span } from "~/sweep/span";
import { type SweepDeps, type Swept, sweepOrders } from "~/sweep/sweep.server";
import { Books } from "../simulators/shopify/admin/books";
import { type AdminApi, answerGraphql } from "../simulators/shopify/admin/graphql";
import { GraphqlWeather } from "../simulators/shopify/admin/graphql-weather";
import { readDefinition } from "../simulators/shopify/admin/pixel-definition";
import { WebPixels } from "../simulators/shopify/admin/web-pixels";
import { Tokens } from "../simulators/shopify/tokens";
import type { HeldClock } from "../support/clock";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";

export const HOUR_MS = 3_600_000;

/** Shopify's side: what it has sold, and how it answers. */
export interface AskedShopify {
  api: AdminApi;
  graphql: AdminGraphql;
  /** Answers in Shopify's place; undefined leaves it to the stand-in. */
  answerWith: (answer: (query: string) => unknown) => void;
}

/** The stand-in's Admin API as Shopify's library asks it. */
export function askedShopify(clock: HeldClock): AskedShopify {
  const tokens = new Tokens(clock.now);
  const pixels = new WebPixels(readDefinition());
  const api: AdminApi = { tokens, pixels, weather: new GraphqlWeather(), facts: {}, books: new Books(), records: [] };
  let instead: (query: string) => unknown = () => undefined;
  const graphql: AdminGraphql = async (query, { variables = {} } = {}) => {
    const { accessToken } = tokens.issue(SHOP, "offline", true);
    const answer = await answerGraphql({ shop: SHOP, accessToken, text: JSON.stringify({ query, variables }) }, api);
    if (answer === null) return new Promise(() => undefined);
    if (answer.status !== 200) throw new Response(null, { status: answer.status });
    const { errors, ...body } = (instead(query) ?? JSON.parse(answer.body)) as { errors?: { message: string }[] };
    if (errors === undefined) return { json: async () => body };
    const failed = { ...body, errors: { networkStatusCode: 200, message: "", graphQLErrors: errors } };
    throw new GraphqlQueryError({ message: errors[0]?.message ?? "", response: {}, body: failed });
  };
  return {
    api,
    graphql,
    answerWith: (answer) => {
      instead = answer;
    },
  };
}

export interface Sweeping extends TestPipeline {
  shopify: AskedShopify;
  /** Places an order of which no webhook tells. */
  sell(body: Record<string, unknown>): void;
  deps: SweepDeps;
  sweep(span?: Partial<Span>): Promise<Swept>;
  /** Ways that were waited for Shopify's allowance, milliseconds. */
  waited: number[];
}

/** A pipeline whose shop can be asked for its orders; it is a quarter past ten, and orders were placed before ten. */
export async function openSweeping(options: Parameters<typeof testPipeline>[0] = {}): Promise<Sweeping> {
  const pipeline = await testPipeline({ country: "AU", ...options });
  const { store, registry, clock } = pipeline;
  clock.pass(HOUR_MS / 4);
  const shopify = askedShopify(clock);
  const waited: number[] = [];
  const deps: SweepDeps = {
    store,
    registry,
    now: clock.now,
    leaseNow: clock.now,
    graphqlOf: async () => shopify.graphql,
    signal: new AbortController().signal,
    wait: async (ms) => {
      waited.push(ms);
      clock.pass(ms);
    },
  };
  let leases = 0;
  return {
    ...pipeline,
    shopify,
    waited,
    deps,
    sell: (body) => shopify.api.books.enter("orders/create", body),
    sweep: async (span = {}) => {
      await registry.refresh();
      const now = clock.now();
      const whole = { since: now - 3 * 24 * HOUR_MS, until: now - 10 * 60_000, ...span };
      const swept = await sweepOrders(pipeline.shop(), whole, `lease-${++leases}`, deps);
      if (swept === null) throw new Error("somebody else is at it");
      return swept;
    },
  };
}
