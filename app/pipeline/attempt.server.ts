import { createHash } from "node:crypto";
import { type Fetch, postEvents, requestBody } from "../delivery/graph.server";
import { type Answer, type Judgement, judge } from "../delivery/verdicts";
import type { Log } from "../log.server";
import type { Dataset, Shop } from "../settings/registry.server";
import { liveTestCode } from "../settings/test-code";
import type { NewAttempt } from "../store/rows";

export interface AttemptDeps {
  graph: { url: string; version: string; fetch: Fetch };
  log: Log;
  now: () => number;
  /** Told of every request, for the metrics. */
  onAttempt?: (attempt: NewAttempt) => void;
  /** Which request of its batch it is, from 0: above that it bisects. For the log; absent: on its own. */
  request?: number;
}

/** An event as it travels. */
export interface Travelling {
  eventId: string;
  /** Of its row in the outbox. */
  rowId: number;
  /** How often its row has been claimed, this time included; for the log. */
  claims?: number;
  /** JSON text, exactly as it is sent. */
  json: string;
}

/** What came of one request. */
interface Made {
  /** Its record: Meta quotes what it was sent, so its answer is sealed as the bytes are. */
  attempt: NewAttempt;
  judgement: Judgement;
  /** Meta's own words. */
  said: string;
}

/** One request to Meta with some events: what came of it, and its record. Never throws. */
export async function attempt(
  events: Travelling[],
  shop: Shop,
  dataset: Dataset,
  { graph, log, now, onAttempt, request }: AttemptDeps,
): Promise<Made> {
  const at = now();
  const body = requestBody(
    events.map(({ json }) => json),
    liveTestCode(dataset, at),
  );
  const started = performance.now();
  const destination = { graphUrl: graph.url, version: graph.version, dataset: dataset.dataset, token: dataset.token };
  const answer = await postEvents(destination, body, graph.fetch);
  const judgement = judge(answer);
  const record: NewAttempt = {
    ...recordOf(answer),
    answer: shop.seal("Attempt.answer", answer.text),
    at,
    ms: Math.round(performance.now() - started),
    events: events.length,
    verdict: judgement.verdict,
    bytesHash: createHash("sha256").update(body).digest("hex"),
    eventRowIds: events.map(({ rowId }) => rowId),
  };
  const bytes = Buffer.byteLength(body);
  log.info(
    { shop: shop.domain, dataset: dataset.dataset, bytes, request, ...travelled(events), ...told(record, judgement) },
    "delivery.attempted",
  );
  onAttempt?.(record);
  return { attempt: record, judgement, said: answer.text };
}

/** Which events they were: the first of them by name, and how often the one that was tried most has been claimed. */
function travelled(events: Travelling[]): { first: string | undefined; claims: number | undefined } {
  const claims = events.flatMap(({ claims }) => claims ?? []);
  return { first: events[0]?.eventId, claims: claims.length === 0 ? undefined : Math.max(...claims) };
}

/** What the log says of an attempt: field by field, so that a new field of the record does not get there by itself. */
function told(record: NewAttempt, { reason }: Judgement) {
  const { events, ms, status, verdict, code, subcode, fbtraceId, bytesHash } = record;
  return { events, ms, status, verdict, reason, code, subcode, fbtraceId, bytesHash };
}

function recordOf(answer: Answer): Pick<NewAttempt, "status" | "code" | "subcode" | "fbtraceId"> {
  const nothing = { status: null, code: null, subcode: null, fbtraceId: null };
  switch (answer.kind) {
    case "accepted":
      return { ...nothing, status: answer.status, fbtraceId: answer.fbtraceId };
    case "error": {
      const { status, code, subcode, fbtraceId } = answer;
      return { ...nothing, status, code, subcode, fbtraceId };
    }
    case "foreign":
      return { ...nothing, status: answer.status };
    case "silence":
      return nothing;
  }
}
