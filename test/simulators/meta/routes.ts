import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { PIXEL_REPLY } from "./browser-leg";
import { newTraceId, type Refusal, refuse } from "./errors";
import { type Exchange, json, type Reply, readBody } from "./http";
import { receiveEvents, receiveHit } from "./intake";
import type { Meta } from "./meta";
import { PAGE_HEADERS, renderBoard, renderPage } from "./page";
import { tellQuality } from "./quality";
import { qualityChange } from "./quality-script";
import { type Summary, summarise } from "./summary";
import { type Ending, weatherSteps } from "./weather";

interface Route {
  method: string;
  path: RegExp;
  answer: (exchange: Exchange) => Ending | Promise<Ending>;
}

const tokenChange = z.strictObject({ dataset: z.string().regex(/^\d+$/), token: z.string().min(1).nullable() });

/** All that can be asked of the stand-in: Meta's two intakes, what it has seen, and the controls of a test. */
export function routesOf(meta: Meta): readonly Route[] {
  const { archive, weather, tokens, quality } = meta;
  const summary = keptSummary(meta);
  return [
    {
      method: "POST",
      // Senders that are to be told apart in the record put their names before Meta's path.
      path: /^(?:\/from\/[\w-]+)?\/(v\d+\.\d+)\/([^/]+)\/events\/?$/,
      answer: (exchange) => receiveEvents(exchange, meta),
    },
    { method: "GET", path: /^\/v\d+\.\d+\/dataset_quality\/?$/, answer: (exchange) => tellQuality(exchange, meta) },
    { method: "GET", path: /^\/tr\/?$/, answer: (exchange) => receiveHit(exchange, meta) },
    { method: "POST", path: /^\/tr\/?$/, answer: (exchange) => receiveHit(exchange, meta) },
    { method: "OPTIONS", path: /^\/tr\/?$/, answer: () => PIXEL_REPLY },
    {
      method: "GET",
      path: /^\/$/,
      answer: () => ({ status: 200, headers: PAGE_HEADERS, body: renderPage(summary()) }),
    },
    { method: "GET", path: /^\/summary$/, answer: () => json({ ...summary(), board: renderBoard(summary()) }) },
    { method: "GET", path: /^\/record$/, answer: () => json({ received: archive.received }) },
    { method: "GET", path: /^\/requests$/, answer: () => json({ requests: archive.requests }) },
    { method: "DELETE", path: /^\/record$/, answer: () => json(archive.clear()) },
    {
      method: "POST",
      path: /^\/weather$/,
      answer: ({ request }) => command(request, weatherSteps, (steps) => weather.script(steps)),
    },
    {
      method: "POST",
      path: /^\/tokens$/,
      answer: ({ request }) => command(request, tokenChange, ({ dataset, token }) => tokens.set(dataset, token)),
    },
    {
      method: "POST",
      path: /^\/quality$/,
      answer: ({ request }) => command(request, qualityChange, ({ dataset, answer }) => quality.set(dataset, answer)),
    },
  ];
}

/** Finds the route of a request and lets it answer. */
export async function dispatch(request: IncomingMessage, routes: readonly Route[]): Promise<Ending> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(url.pathname) : null;
    if (match) return route.answer({ request, url, match });
  }
  await readBody(request);
  return refusedReply({ error: "unknownPath", why: `There is no ${request.method} ${url.pathname} here.` });
}

/** A refusal that concerns no event: an unknown path, a fault of the stand-in's own. */
export function refusedReply(refusal: Refusal): Reply {
  const { http, error } = refuse(refusal, newTraceId());
  return json({ error }, http);
}

/** A control of a test: its JSON body is parsed by the schema, then carried out. */
async function command<T>(request: IncomingMessage, schema: z.ZodType<T>, carryOut: (value: T) => void) {
  const body = (await readBody(request))?.toString("utf8") ?? "";
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return json({ error: "The body is not JSON." }, 400);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return json({ error: z.prettifyError(parsed.error) }, 400);
  carryOut(parsed.data);
  return json({ ok: true });
}

/** Recounts only when something has happened since: an open page asks each second. */
function keptSummary({ archive }: Meta): () => Summary {
  let kept = { revision: archive.revision, summary: summarise(archive.received, archive.requests) };
  return () => {
    const { revision, received, requests } = archive;
    if (revision !== kept.revision) kept = { revision, summary: summarise(received, requests) };
    return kept.summary;
  };
}
