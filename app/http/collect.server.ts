import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isbot } from "isbot";
import type { Log } from "../log.server";
import { cleanIp } from "../match-keys/browser.server";
import type { Metrics } from "../metrics.server";
import { type ReceiveDeps, type Received, receiveBeacon, shopOfBeacon } from "../pipeline.server";
import { addresseeSchema, beaconSchema } from "../sources/beacon";
import { parseJson } from "../sources/json";
import { withBody } from "./body.server";
import { clientIp } from "./client-ip.server";
import type { Gate } from "./gate";
import { networkOf } from "./network";
import { type Passes, type Sharers, tokenBuckets } from "./rate.server";
import type { Replays } from "./replays";
import { refuse, reply } from "./reply.server";
import type { Turns } from "./turns.server";

const MOST_BYTES = 64 * 1024;

/** What one address, and all browsers of one shop, may send. Many shoppers can share an address. */
const PER_ADDRESS = { perSecond: 50, burst: 500 };
const PER_SHOP = { perSecond: 1_000, burst: 5_000 };

/** Two buckets, one life long: of the process. */
export interface BeaconRates {
  address: Passes;
  shop: Passes;
}

/** `sharers`: how many processes take beacons in. */
export function beaconRates(sharers?: Sharers): BeaconRates {
  return { address: tokenBuckets(PER_ADDRESS, sharers), shop: tokenBuckets(PER_SHOP, sharers) };
}

/** The pixel runs in a sandbox whose origin is `null`: any origin may post, none with credentials. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "content-type",
  "access-control-max-age": "86400",
};

export interface CollectDeps extends ReceiveDeps {
  log: Log;
  metrics: Metrics;
  gate: Gate;
  /** How many proxies in front of us are believed. */
  trustedProxies: number;
  rates: BeaconRates;
  replays: Replays;
  turns: Turns;
  stored: (received: Extract<Received, { kind: "stored" }>) => void;
}

/**
 * POST /collect: beacons of the web pixel. What is malformed or not for us is counted and answered like the rest, so that
 * nobody learns from the answer which shops and keys exist.
 */
export async function answerBeacon(
  request: IncomingMessage,
  response: ServerResponse,
  deps: CollectDeps,
): Promise<void> {
  if (request.method === "OPTIONS") return reply(response, 204, "", CORS);
  if (request.method !== "POST") return refuse(response, 405, "method", { ...CORS, allow: "POST, OPTIONS" });
  const terms = {
    sender: "beacon",
    mostBytes: MOST_BYTES,
    headers: CORS,
    gate: deps.gate,
    overloaded: () => deps.metrics.beacons.inc({ result: "overloaded" }),
  } as const;
  return withBody(request, response, terms, (bytes) => deps.turns(() => answerBody(bytes, request, response, deps)));
}

/** What costs least comes first: a flood is to end before it costs anything. */
async function answerBody(
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  deps: CollectDeps,
): Promise<void> {
  const { rates, replays, registry, now } = deps;
  const ip = clientIp(request, deps.trustedProxies);
  const address = cleanIp(ip);
  // An address that is not public is a proxy's, which speaks for everybody: then only the shop's rate counts.
  if (address !== null && !rates.address(networkOf(address), now())) return end(deps, response, "over_rate");
  const userAgent = request.headers["user-agent"] ?? null;
  // Who says of itself that it is nobody's browser sees pages that no shopper saw.
  if (isbot(userAgent)) return end(deps, response, "bot");
  const globalPrivacyControl = request.headers["sec-gpc"] === "1";
  const name = `${globalPrivacyControl} ${hash("sha256", bytes, "base64")}`;
  if (replays.has(name)) return end(deps, response, "replay");

  const json = jsonOf(bytes);
  const addressee = addresseeSchema.safeParse(json);
  if (!addressee.success) return end(deps, response, "malformed");
  const whose = shopOfBeacon(addressee.data, registry);
  if (!whose.ok) return end(deps, response, whose.why);
  // After the key: a stranger must not use up what a shop may send.
  if (!rates.shop(whose.shop.domain, now())) return end(deps, response, "over_rate");
  const beacon = beaconSchema.safeParse(json);
  if (!beacon.success) return end(deps, response, "malformed");
  try {
    const received = await receiveBeacon({ beacon: beacon.data, ip, userAgent, globalPrivacyControl }, deps);
    if (received.kind === "stored") {
      replays.add(name);
      deps.stored(received);
    }
    end(deps, response, resultOf(received));
  } catch (error) {
    deps.log.error({ err: error }, "beacon.not_stored");
    deps.metrics.beacons.inc({ result: "not_stored" });
    refuse(response, 503, "store", { ...CORS, "retry-after": "10" });
  }
}

/** A repeat is the pixel's second try, or somebody's replay: it is absorbed, and seen in the counts. */
function resultOf(received: Received): string {
  if (received.kind === "ignored") return received.why;
  return received.repeated ? "replay" : "stored";
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** 204 whatever became of it, so that nobody learns which shops there are; only who is to come again is told so. */
function end({ metrics }: CollectDeps, response: ServerResponse, result: string): void {
  metrics.beacons.inc({ result });
  if (result === "over_rate") reply(response, 429, "", { ...CORS, "retry-after": "1" });
  else reply(response, 204, "", CORS);
}
