import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Archive } from "./archive";
import { countConversions } from "./deduplication";
import { send } from "./http";
import type { Meta } from "./meta";
import { type QualitySaid, QualityScript } from "./quality-script";
import { dispatch, refusedReply, routesOf } from "./routes";
import { type TokenRules, Tokens } from "./tokens";
import type { CountedConversion, ReceivedCopy, RequestRecord } from "./types";
import { Weather } from "./weather";

export type { TokenRules } from "./tokens";
export type { CountedConversion, GraphError, JsonObject, Leg, ReceivedCopy, RequestRecord } from "./types";
export type { Weather, WeatherStep } from "./weather";

export interface MetaOptions {
  /** 0 or absent: a free one. */
  port?: number;
  /** Epoch milliseconds; every receipt and every age is measured with it. */
  now?: () => number;
  /** Absent: any. */
  tokens?: TokenRules;
  /** The test codes this Meta knows; absent: any. */
  acceptTestCodes?: readonly string[];
}

export interface MetaStandIn {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** What Meta took, oldest first. */
  received: ReceivedCopy[];
  /** Every request to /events, oldest first. */
  requests: RequestRecord[];
  /** Those of them that carried events; the others asked about a token, which happens at a moment of the day. */
  deliveries(): RequestRecord[];
  /** Scripted faults. */
  weather: Weather;
  /** The live conversions after deduplication, in order of their first copy. */
  counted(): CountedConversion[];
  /** The same for copies with a test code. */
  countedTests(): CountedConversion[];
  /** From now on only this token opens the dataset; with null, none does. */
  setToken(dataset: string, token: string | null): void;
  /** From now on answers this where it is asked what it makes of a dataset's events; null: what it counted, again. */
  sayQuality(dataset: string, answer: QualitySaid | null): void;
  close(): Promise<void>;
}

/** Idle connections of a client's pool must outlive its pauses: a reset there would look like scripted weather. */
const KEEP_ALIVE_MS = 60_000;

/** Starts a strict twin of Meta's event intake on 127.0.0.1. */
export async function startMeta({
  port = 0,
  now = Date.now,
  tokens: rules = "any",
  acceptTestCodes,
}: MetaOptions = {}): Promise<MetaStandIn> {
  const closing = new AbortController();
  // Any number of answers may be waiting in bad weather.
  setMaxListeners(0, closing.signal);
  const archive = new Archive();
  const weather = new Weather(now);
  const tokens = new Tokens(rules);
  const quality = new QualityScript();
  const wait = (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  const server = serve({ now, archive, weather, tokens, quality, testCodes: acceptTestCodes ?? null, wait });
  const origin = await listen(server, port);
  const count = (test: boolean) => countConversions(archive.received.filter((copy) => copy.test === test));
  return {
    origin,
    received: archive.received,
    requests: archive.requests,
    deliveries: () => archive.requests.filter(({ events }) => events > 0),
    weather,
    counted: () => count(false),
    countedTests: () => count(true),
    setToken: (dataset, token) => tokens.set(dataset, token),
    sayQuality: (dataset, answer) => quality.set(dataset, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closing.abort();
        server.closeAllConnections();
      }),
  };
}

function serve(meta: Meta): Server {
  const routes = routesOf(meta);
  const server = createServer(async (request, response) => {
    try {
      const ending = await dispatch(request, routes);
      if (ending === "cut") response.destroy();
      else send(response, ending);
    } catch (error) {
      const hungUp = request.destroyed && !request.complete;
      if (hungUp) return;
      console.error(error);
      send(response, refusedReply({ error: "unknown" }));
    }
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the stand-in listens on no TCP port");
  return `http://127.0.0.1:${address.port}`;
}
