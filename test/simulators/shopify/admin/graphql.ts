import { setTimeout as sleep } from "node:timers/promises";
import {
  type DocumentNode,
  execute,
  type GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import { z } from "zod";
import { type Answer, json, jsonOf } from "../http";
import type { Standing, Tokens } from "../tokens";
import type { Allowance } from "./allowance";
import type { Books } from "./books";
import type { GraphqlFault, GraphqlWeather } from "./graphql-weather";
import { costOf, MOST_POINTS } from "./query-cost";
import { refusingResolvers, resolversOf } from "./resolvers";
import { SCHEMA } from "./schema";
import type { ShopFacts } from "./shop-facts";
import type { WebPixels } from "./web-pixels";

/** One request to the Admin API, and what was answered. */
export interface GraphqlRecord {
  shop: string;
  /** The root fields it asks for, such as `webPixelCreate`; empty when the query could not be read. */
  operation: string;
  variables: Record<string, unknown>;
  /** 0: it was never answered. */
  status: number;
  answer: unknown;
}

export interface AdminApi {
  tokens: Tokens;
  pixels: WebPixels;
  weather: GraphqlWeather;
  facts: Partial<ShopFacts>;
  books: Books;
  /** Absent: there is always enough. */
  allowance?: Allowance;
  /** Every request, oldest first. */
  records: GraphqlRecord[];
}

interface GraphqlRequest {
  shop: string;
  accessToken: string;
  text: string;
}

const ADMIN_API = /^\/admin\/api\/([^/]+)\/graphql\.json$/;
const VERSION = "2026-07";

/** Whether a path is the Admin API's, in the version that is modelled; null: another path altogether. */
export function adminApiPath(path: string): "known" | "unknown version" | null {
  const version = ADMIN_API.exec(path)?.[1];
  if (version === undefined) return null;
  return version === VERSION ? "known" : "unknown version";
}

const graphqlBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Answers POST /admin/api/2026-07/graphql.json; null: leaves the client waiting. */
export async function answerGraphql(
  { shop, accessToken, text }: GraphqlRequest,
  api: AdminApi,
): Promise<Answer | null> {
  const refused = REFUSALS[api.tokens.standing(shop, accessToken)];
  const record: GraphqlRecord = { shop, operation: "", variables: {}, status: 0, answer: null };
  api.records.push(record);
  const answer = refused ?? (await operate(record, text, api));
  if (answer === null) return null;
  record.status = answer.status;
  record.answer = jsonOf(answer.body);
  return answer;
}

const UNRECOGNIZED = json(
  { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" },
  401,
);

/** What a token that is not good is told. A new public app's tokens must expire. */
const REFUSALS: Record<Standing, Answer | null> = {
  good: null,
  expired: UNRECOGNIZED,
  unknown: UNRECOGNIZED,
  "never expires": json(
    {
      errors:
        "[API] Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens.",
    },
    403,
  ),
};

async function operate(record: GraphqlRecord, text: string, api: AdminApi): Promise<Answer | null> {
  const body = graphqlBody.safeParse(jsonOf(text));
  if (!body.success) return json({ errors: { query: "Required parameter missing or invalid" } }, 400);
  const { query, operationName = null } = body.data;
  record.variables = body.data.variables ?? {};
  const read = readQuery(query, operationName);
  if ("errors" in read) return json({ errors: read.errors });
  const { document, operation } = read;
  record.operation = fieldsOf(operation);
  const points = costOf(operation, record.variables);
  if (points > MOST_POINTS) return json({ errors: [tooDear(points)] });
  await sleep(api.weather.delayMs);
  if (api.allowance?.spend(points) === false) return throttled(points, api.allowance);
  const fault = api.weather.next(operation.operation === "mutation" ? "mutation" : "query");
  if (fault !== null && fault !== "user error") return FAULTS[fault];
  const result = await execute({
    schema: SCHEMA,
    document,
    rootValue: fault === null ? resolversOf(record.shop, api.pixels, api.facts, api.books) : refusingResolvers(),
    variableValues: record.variables,
    operationName,
  });
  return json({ ...result, extensions: costExtension(points, api.allowance) });
}

interface ReadQuery {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

function readQuery(query: string, operationName: string | null): ReadQuery | { errors: readonly unknown[] } {
  try {
    const document = parse(query);
    const errors = validate(SCHEMA, document);
    if (errors.length > 0) return { errors };
    const operation = getOperationAST(document, operationName);
    return operation ? { document, operation } : { errors: [{ message: "An operation name is required" }] };
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
}

function fieldsOf({ selectionSet }: OperationDefinitionNode): string {
  return selectionSet.selections.flatMap((each) => (each.kind === "Field" ? [each.name.value] : [])).join(",");
}

const THROTTLE = { maximumAvailable: 2_000, currentlyAvailable: 1_990, restoreRate: 100 };

function costExtension(points: number, allowance?: Allowance): object {
  return {
    cost: { requestedQueryCost: points, actualQueryCost: points, throttleStatus: throttleStatus(allowance) },
  };
}

function throttleStatus(allowance?: Allowance): object {
  if (allowance === undefined) return THROTTLE;
  const { maximumAvailable, left, restoreRate } = allowance;
  return { maximumAvailable, currentlyAvailable: Math.floor(left), restoreRate };
}

function throttled(points: number, allowance: Allowance): Answer {
  const cost = { requestedQueryCost: points, actualQueryCost: null, throttleStatus: throttleStatus(allowance) };
  return json({ errors: [TOO_FAST], extensions: { cost } });
}

/** https://shopify.dev/docs/api/usage/limits */
const TOO_FAST = {
  message: "Throttled",
  extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" },
};

function tooDear(cost: number): object {
  const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${MOST_POINTS}).`;
  return { message, extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost: MOST_POINTS } };
}

const FAULTS: Record<Exclude<GraphqlFault, "user error">, Answer | null> = {
  "status 500": json({ errors: "Internal Server Error" }, 500),
  throttled: json({
    errors: [TOO_FAST],
    extensions: {
      cost: { requestedQueryCost: 10, actualQueryCost: null, throttleStatus: { ...THROTTLE, currentlyAvailable: 0 } },
    },
  }),
  timeout: null,
};
