import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Books } from "../simulators/shopify/admin/books";
import { type AdminApi, answerGraphql } from "../simulators/shopify/admin/graphql";
import { GraphqlWeather } from "../simulators/shopify/admin/graphql-weather";
import { readDefinition } from "../simulators/shopify/admin/pixel-definition";
import { WebPixels } from "../simulators/shopify/admin/web-pixels";
import { Tokens } from "../simulators/shopify/tokens";
import { answering, settingsOf } from "./child";
import { orderOf } from "./orders";

/** A Shopify that has sold so many orders, and tells of them in its Admin API. */

interface Settings {
  shop: string;
  orders: number;
}

const { shop, orders } = settingsOf<Settings>();
const tokens = new Tokens(Date.now);
const { accessToken } = tokens.issue(shop, "offline", true);
const pixels = new WebPixels(readDefinition());
const api: AdminApi = { tokens, pixels, weather: new GraphqlWeather(), facts: {}, books: new Books(), records: [] };
for (let number = 1; number <= orders; number += 1) api.books.enter("orders/create", orderOf(number));
const asked = { requests: 0, points: 0 };

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await answerGraphql({ shop, accessToken, text: Buffer.concat(chunks).toString("utf8") }, api);
  // What was answered is for nobody here, and would fill the memory.
  api.records.length = 0;
  asked.requests += 1;
  asked.points += Number(/"requestedQueryCost":(\d+)/.exec(answer?.body ?? "")?.[1] ?? 0);
  response.writeHead(answer?.status ?? 500, { "content-type": "application/json" }).end(answer?.body);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

const questions = {
  origin: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** Since it was last asked. */
  asked: () => {
    const until = { ...asked };
    Object.assign(asked, { requests: 0, points: 0 });
    return until;
  },
};

export type ShopifyQuestions = typeof questions;

answering(questions);
