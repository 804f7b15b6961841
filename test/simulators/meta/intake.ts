import { copyOf, PIXEL_REPLY, parametersOf } from "./browser-leg";
import { newTraceId, refuse } from "./errors";
import { type Exchange, json, type Reply, readBody } from "./http";
import type { Meta } from "./meta";
import { eventsOf } from "./request-rules";
import { copiesOf, judge, type ParsedRequest, parse } from "./server-leg";
import type { RequestRecord } from "./types";
import { type Ending, strike } from "./weather";

/** POST /v25.0/<dataset>/events, in whatever weather. */
export async function receiveEvents({ request, url, match }: Exchange, meta: Meta): Promise<Ending> {
  const [, version = "", dataset = ""] = match;
  const bytes = await readBody(request);
  const incoming = parse({
    at: meta.now(),
    version,
    dataset,
    contentType: request.headers["content-type"] ?? "",
    authorization: request.headers.authorization,
    query: url.searchParams,
    body: bytes?.toString("utf8") ?? "",
    bytes: bytes?.length ?? Number.POSITIVE_INFINITY,
  });
  const step = meta.weather.next(dataset);
  const record = recordOf(incoming, `${url.pathname}${url.search}`, step?.kind ?? null);
  meta.archive.note(record);
  const take = () => takeEvents(incoming, record, meta);
  const ending = step ? await strike(step, take, meta.wait, incoming.body) : take();
  record.status = ending === "cut" ? 0 : ending.status;
  meta.archive.touch();
  return ending;
}

/** GET or POST /tr, which no weather reaches and which says the same to everything. */
export async function receiveHit({ request, url }: Exchange, { now, archive }: Meta): Promise<Reply> {
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const parameters = await parametersOf(url.searchParams, request.headers["content-type"] ?? "", body);
  const copy = copyOf(parameters, now());
  if (copy) archive.take([copy]);
  return PIXEL_REPLY;
}

/** Takes all events of a request, or none. */
function takeEvents(request: ParsedRequest, record: RequestRecord, meta: Meta): Reply {
  const fbtrace_id = newTraceId();
  const refusal = judge(request, meta);
  if (refusal) {
    const { http, error } = refuse(refusal, fbtrace_id);
    record.error = error;
    return json({ error }, http);
  }
  const copies = copiesOf(request);
  meta.archive.take(copies);
  record.taken = copies.length;
  return json({ events_received: copies.length, messages: [], fbtrace_id });
}

function recordOf(request: ParsedRequest, path: string, weather: string | null): RequestRecord {
  const { at, dataset, version, body } = request;
  return {
    at,
    dataset,
    version,
    authorization: request.authorization !== undefined,
    status: 0,
    events: eventsOf(request.json).length,
    taken: 0,
    weather,
    error: null,
    path,
    body,
  };
}
