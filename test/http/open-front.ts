import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { beaconRates } from "~/http/collect.server";
import { type FrontDeps, front } from "~/http/front.server";
import { openLog } from "~/log.server";
import { type Metrics, openMetrics, queueAge } from "~/metrics.server";
import { freshness } from "~/outbox/freshness";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";

export const SECRET = "a-secret-of-tests";
export const OLD_SECRET = "the-secret-before-it";
export const METRICS_TOKEN = "metrics-token";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
  /** Several chunks go out without a declared length. */
  body?: string | Buffer | Buffer[];
}

/** The front on a port of its own, over a pipeline of its own. */
export interface OpenFront {
  pipeline: TestPipeline;
  origin: string;
  /** The lines it logged. */
  log: string[];
  /** `"<labels> → <count>"` of everything a counter has counted, sorted. */
  counted(counter: "webhooks" | "beacons"): Promise<string[]>;
  /** How often the drain was told of work. */
  woken(): number;
  send(what: Sent): Promise<Answer>;
  /** A signed webhook; `headers` replace its own, undefined removes one. */
  webhook(topic: string, body: unknown, headers?: Record<string, string | string[] | undefined>): Promise<Answer>;
}

export function sign(body: string | Buffer, secret: string = SECRET): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/** The headers of a webhook as Shopify sends them. */
export function webhookHeaders(topic: string, body: string | Buffer): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": SHOP,
    "x-shopify-api-version": "2026-07",
    "x-shopify-webhook-id": "b54557e4-0000-4000-8000-000000000001",
    "x-shopify-triggered-at": "2026-11-20T09:59:58.123456789Z",
    "x-shopify-hmac-sha256": sign(body),
  };
}

/** As the running app tells it to its metrics. */
export async function ageOfQueue({ clock, store }: TestPipeline): Promise<number> {
  return queueAge(clock.now(), await store.dueDatasets(clock.now(), clock.now(), freshness(1_000)));
}

export async function openFront(over: Partial<FrontDeps> = {}): Promise<OpenFront> {
  const pipeline = await testPipeline();
  const metrics = openMetrics({
    queueAge: () => ageOfQueue(pipeline),
  });
  const log: string[] = [];
  let woken = 0;
  const server = createServer(
    front({
      store: pipeline.store,
      registry: pipeline.registry,
      now: pipeline.clock.now,
      secrets: [SECRET, OLD_SECRET],
      log: openLog("info", { write: (line) => void log.push(line) }),
      metrics,
      metricsToken: METRICS_TOKEN,
      tls: true,
      trustedProxies: 0,
      rates: beaconRates(),
      checkStore: () => pipeline.store.check(),
      stored: () => {
        woken += 1;
      },
      next: (_request, response) => response.writeHead(404).end("Remix"),
      ...over,
    }),
  );
  const origin = await listening(server);
  const sendHere = (what: Sent) => send(origin, what);
  return {
    pipeline,
    origin,
    log,
    counted: (counter) => countsOf(metrics, counter),
    woken: () => woken,
    send: sendHere,
    webhook: (topic, body, headers = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return sendHere({
        method: "POST",
        path: "/webhooks",
        body: text,
        headers: withoutAbsent({ ...webhookHeaders(topic, text), ...headers }),
      });
    },
  };
}

/** Lets a server listen until the test is over; answers its origin. */
export async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One HTTP request on a connection of its own, header by header as given. */
export function send(origin: string, { method = "GET", path = "/", headers = {}, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject);
    if (Array.isArray(body)) {
      for (const chunk of body) outgoing.write(chunk);
      outgoing.end();
    } else outgoing.end(body);
  });
}

async function countsOf(metrics: Metrics, counter: "webhooks" | "beacons"): Promise<string[]> {
  const { values } = await metrics[counter].get();
  return values.map(({ labels, value }) => `${Object.values(labels).join(" ")} → ${value}`).sort();
}

function withoutAbsent(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
}

/** Sends the beacon of a page that was seen, as the web pixel does. */
export function collectPageView(front: OpenFront): ReturnType<OpenFront["send"]> {
  const beacon = {
    v: 1,
    shop: SHOP,
    key: front.pipeline.shop().beaconKey,
    name: "page_viewed",
    id: "sh-0000-0001",
    timestamp: "2026-11-20T09:59:59.000Z",
    client_id: "visitor-0001",
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    tr: "resolved",
  };
  return front.send({ method: "POST", path: "/collect", body: JSON.stringify(beacon) });
}
