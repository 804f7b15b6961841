import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerBeacon, type CollectDeps } from "./collect.server";
import { type Gate, openGate } from "./gate";
import { hastyRequests } from "./one-at-a-time.server";
import { pageRefusal } from "./pages.server";
import { openReplays, type Replays } from "./replays";
import { refuse, reply } from "./reply.server";
import { guardAnswer } from "./security-headers.server";
import { openTurns, type Turns } from "./turns.server";
import { answerWebhook, type WebhookDeps } from "./webhooks.server";

export interface FrontDeps extends Omit<WebhookDeps & CollectDeps, "gate" | "replays" | "turns"> {
  /** How much may be in the process at once, bytes. */
  mostInFlight?: number;
  metricsToken: string | undefined;
  /** Whether we are reached by https. */
  tls: boolean;
  /** Throws when the store cannot be read or written. */
  checkStore: () => Promise<void>;
  /** Everything else: Remix. */
  next: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Some 2,500 orders of the usual size; parsed, a few times as much. */
const MOST_IN_FLIGHT = 64 * 1024 * 1024;

interface Doorkeeping extends FrontDeps {
  gate: Gate;
  replays: Replays;
  turns: Turns;
}

/** The door of the house: raw bodies and probes are answered here, the rest goes to Remix. */
export function front(deps: FrontDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const gate = openGate(deps.mostInFlight ?? MOST_IN_FLIGHT, (held) => deps.metrics.inflightBytes.set(held));
  const doorkeeping = { ...deps, gate, replays: openReplays(), turns: openTurns(() => gate.inside("webhook") > 0) };
  const isHasty = hastyRequests();
  return (request, response) => {
    if (isHasty(request, response)) return void request.socket.destroy();
    guardAnswer(response, deps.tls);
    const path = (request.url ?? "/").split("?", 1)[0];
    const answer = route(path, request, response, doorkeeping);
    if (answer === undefined) {
      const refusal = pageRefusal(request);
      if (refusal !== null) return refuse(response, refusal.status, refusal.text, refusal.headers);
      return deps.next(request, response);
    }
    answer.catch((error) => {
      deps.log.error({ err: error, path }, "http.failed");
      if (!response.headersSent) refuse(response, 500, "error");
      else response.destroy();
    });
  };
}

function route(
  path: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  deps: Doorkeeping,
): Promise<void> | undefined {
  switch (path) {
    case "/webhooks":
      return answerWebhook(request, response, deps);
    case "/collect":
      return answerBeacon(request, response, deps);
    case "/healthz":
      return probe(request, response, async () => undefined, deps);
    case "/readyz":
      return probe(request, response, deps.checkStore, deps);
    case "/metrics":
      return metrics(request, response, deps);
    default:
      return undefined;
  }
}

/** Alive: /healthz asks nothing of anyone, so that a busy disk does not get us killed; /readyz asks the store. */
async function probe(
  request: IncomingMessage,
  response: ServerResponse,
  check: () => Promise<void>,
  { log }: FrontDeps,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "method", { allow: "GET" });
  try {
    await check();
    reply(response, 200, "ok");
  } catch (error) {
    log.warn({ err: error }, "probe.failed");
    refuse(response, 503, "store", { "retry-after": "10" });
  }
}

async function metrics(request: IncomingMessage, response: ServerResponse, deps: FrontDeps): Promise<void> {
  if (deps.metricsToken === undefined) return refuse(response, 404, "not found");
  const given = digest(request.headers.authorization ?? "");
  if (!timingSafeEqual(given, digest(`Bearer ${deps.metricsToken}`))) return refuse(response, 401, "token");
  const { type, text } = await deps.metrics.render();
  reply(response, 200, text, { "content-type": type });
}

/** Of equal length whatever it is made of, as timingSafeEqual wants it. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
