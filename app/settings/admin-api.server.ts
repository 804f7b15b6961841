import { setTimeout as sleep } from "node:timers/promises";
import { GraphqlQueryError, HttpRequestError, HttpResponseError } from "@shopify/shopify-api";
import { z } from "zod";

/** One operation of the Admin API, as Shopify's library offers it. */
export type AdminGraphql = (
  query: string,
  options?: { variables?: Record<string, unknown> },
) => Promise<{ json(): Promise<unknown> }>;

/** The library waits for ever; a page, and a process that is to stop, do not. */
const PATIENCE_MS = 8_000;

/**
 * Asks the Admin API; answers the body, whatever it says. Throws a Response where Shopify wants the shop to sign in again
 * (the page that asked must pass it on), and an error in words where it did not answer.
 */
export async function askAdmin(
  graphql: AdminGraphql,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown> {
  const patience = new AbortController();
  try {
    return await Promise.race([bodyOf(graphql, query, variables), giveUp(patience.signal)]);
  } finally {
    patience.abort();
  }
}

/** Shopify wants to be asked more slowly. */
export class Throttled extends Error {
  override name = "Throttled";
  constructor(
    message: string,
    /** Shopify's answer: what the question costs, and what of the allowance is left. */
    readonly answer: unknown,
  ) {
    super(message);
  }
}

/** Shopify did not answer, or only that it cannot at the moment: the same question may be answered a little later. */
export class Unanswered extends Error {
  override name = "Unanswered";
}

/** The library keeps what Shopify lists as errors in a place of its own. */
const libraryErrors = z.object({ graphQLErrors: z.array(z.unknown()) }).transform((errors) => errors.graphQLErrors);

const withErrors = z.looseObject({
  data: z.unknown().optional(),
  errors: z.union([z.array(z.unknown()), libraryErrors]).catch([{}]),
});

const throttling = z.object({ extensions: z.object({ code: z.literal("THROTTLED") }) });

async function bodyOf(graphql: AdminGraphql, query: string, variables: Record<string, unknown>): Promise<unknown> {
  try {
    return await (await graphql(query, { variables })).json();
  } catch (error) {
    // The library throws an answer that has errors, also where it has data beside them.
    if (error instanceof GraphqlQueryError) return answerOrRefusal(error);
    if (error instanceof HttpRequestError) throw new Unanswered("Shopify could not be reached.");
    const status = statusOf(error);
    if (status === null || isSignIn(error)) throw error;
    const words = `Shopify answered ${status}.`;
    throw status === 429 || status >= 500 ? new Unanswered(words) : new Error(words);
  }
}

/** As the library throws it: where it was asked for a page, or for nobody. Null: no answer. */
function statusOf(error: unknown): number | null {
  if (error instanceof Response) return error.status;
  return error instanceof HttpResponseError ? error.response.code : null;
}

/** What was answered beside the errors; throws where they are all there is. */
function answerOrRefusal({ message, body }: GraphqlQueryError): unknown {
  const answer = withErrors.parse(body ?? {});
  if (answer.data) return answer;
  const words = `Shopify refused: ${message}`;
  const throttled = answer.errors.some((error) => throttling.safeParse(error).success);
  throw throttled ? new Throttled(words, answer) : new Error(words);
}

async function giveUp(signal: AbortSignal): Promise<never> {
  await sleep(PATIENCE_MS, undefined, { signal });
  throw new Unanswered("Shopify did not answer in time.");
}

/** A Response of Shopify's library that makes the browser fetch a new session token. */
export function isSignIn(error: unknown): boolean {
  return error instanceof Response && (error.status === 401 || (error.status >= 300 && error.status < 400));
}

/** What a merchant reads when Shopify could not be asked. */
export function wordsOfFailure(error: unknown): string {
  if (error instanceof Response) return `Shopify answered ${error.status}.`;
  return error instanceof Error ? error.message : String(error);
}
