import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isPostgres } from "~/database-address";
import { type House, openHouse, SECRET, SHOP } from "../faults/house";
import { seededRandom } from "../faults/random";
import { openStoreMaker, type StoreName } from "../faults/store";
import { hasPostgres } from "../support/postgres";
import { inPostgres } from "../support/psql";
import { calm } from "./calm";
import { type Child, startChild } from "./child";
import type { Flooded, FloodQuestions } from "./flood-process";
import { median, rounded } from "./medians";
import { orderOf } from "./orders";

/** What orders feel of a flood of junk beacons; medians of all rounds. */
interface FloodFigures {
  /** Of webhooks, milliseconds from the first byte sent to the answer, without and with the flood. */
  quiet_p50_ms: number;
  quiet_p99_ms: number;
  flood_p50_ms: number;
  flood_p99_ms: number;
  p99_ratio: number;
  /** Beacons that were answered, per second. */
  beacons_per_second: number;
  /** Answers other than 204. */
  beacons_refused: number;
  /** Webhooks that were not answered 200. */
  webhooks_refused: number;
  /** Of the server's process after the first flood, and after the last. */
  rss_first_mb: number;
  rss_last_mb: number;
  /** What the database grew by with each 100,000 beacons, orders included. */
  disk_mb_per_100k: number;
  /** How many times as long as at best a fixed piece of work took, at worst. */
  slowed: number;
}

export type FloodResult = Partial<Record<StoreName, FloodFigures>>;

const WEBHOOKS_A_SECOND = 50;
const BEACONS_A_SECOND = 5_000;
const QUIET_MS = 4_000;
const FLOOD_MS = 8_000;
/** What is not measured of a flood: it has to rise. */
const RISING_MS = 1_000;
const ROUNDS = 5;

/** Whether orders still get through while somebody floods /collect: real processes, the sender and the server each their own. */
export async function benchFlood(): Promise<FloodResult> {
  const result: FloodResult = {};
  for (const name of hasPostgres() ? (["sqlite", "postgres"] as const) : (["sqlite"] as const)) {
    const maker = await openStoreMaker(name);
    try {
      const house = await openHouse({
        store: await maker.fresh(),
        random: seededRandom(1, "flood"),
        servers: [{ role: "all" }],
        env: { TRUSTED_PROXIES: "1" },
      });
      try {
        result[name] = await measured(house);
      } finally {
        await house.close();
      }
    } finally {
      maker.close();
    }
  }
  return result;
}

interface Round {
  quiet: number[];
  flooded: number[];
  flood: Flooded;
  seconds: number;
  rss: number;
  refused: number;
  slowed: number;
}

async function measured(house: House): Promise<FloodFigures> {
  house.start();
  await house.listening();
  const origin = house.origin() ?? "";
  const settings = { port: Number(new URL(origin).port), shop: SHOP, key: house.beaconKey };
  const flooder = await startChild<FloodQuestions>("test/bench/flood-process.ts", settings);
  const sender = openSender(origin);
  try {
    const before = bytesOf(house.store.url);
    // The first warms up.
    const rounds: Round[] = [];
    for (let n = 0; n <= ROUNDS; n += 1) rounds.push(await oneRound(sender, flooder, house));
    return figuresOf(rounds, bytesOf(house.store.url) - before);
  } finally {
    await flooder.kill();
  }
}

async function oneRound(sender: Sender, flooder: Child<FloodQuestions>, house: House): Promise<Round> {
  const slowed = await calm();
  const quiet = await sender.send(QUIET_MS);
  const begun = performance.now();
  await flooder.ask("start", BEACONS_A_SECOND);
  await sleep(RISING_MS);
  const flooded = await sender.send(FLOOD_MS - RISING_MS);
  const seconds = (performance.now() - begun) / 1_000;
  const flood = await flooder.ask("stop");
  return {
    quiet: quiet.times,
    flooded: flooded.times,
    refused: quiet.refused + flooded.refused,
    flood,
    seconds,
    rss: rssOf(house.servers[0]?.pid() ?? 0),
    slowed,
  };
}

function figuresOf([first, ...rounds]: Round[], grown: number): FloodFigures {
  const of = (what: (round: Round) => number) => median(rounds.map(what));
  const quiet = of((round) => quantile(round.quiet, 0.99));
  const flooded = of((round) => quantile(round.flooded, 0.99));
  const beacons = [first, ...rounds].reduce((sum, round) => sum + (round?.flood.answered ?? 0), 0);
  return {
    quiet_p50_ms: rounded(
      of((round) => quantile(round.quiet, 0.5)),
      2,
    ),
    quiet_p99_ms: rounded(quiet, 2),
    flood_p50_ms: rounded(
      of((round) => quantile(round.flooded, 0.5)),
      2,
    ),
    flood_p99_ms: rounded(flooded, 2),
    p99_ratio: rounded(flooded / quiet, 2),
    beacons_per_second: rounded(of(({ flood, seconds }) => flood.answered / seconds)),
    beacons_refused: rounds.reduce((sum, { flood }) => sum + flood.refused, 0),
    webhooks_refused: rounds.reduce((sum, { refused }) => sum + refused, 0),
    rss_first_mb: rounded((first?.rss ?? 0) / 1_048_576),
    rss_last_mb: rounded((rounds.at(-1)?.rss ?? 0) / 1_048_576),
    disk_mb_per_100k: rounded(grown / 1_048_576 / (beacons / 100_000), 1),
    slowed: rounded(Math.max(...rounds.map(({ slowed }) => slowed)), 2),
  };
}

function quantile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN;
}

interface Sender {
  /** Sends orders at a steady rate, whether or not they are answered in time; answers how long each took. */
  send(ms: number): Promise<{ times: number[]; refused: number }>;
}

function openSender(origin: string): Sender {
  let number = 0;
  async function one(): Promise<{ ms: number; ok: boolean }> {
    number += 1;
    const at = new Date().toISOString();
    const body = JSON.stringify({ ...orderOf(number), created_at: at, processed_at: at, updated_at: at });
    const headers = {
      "content-type": "application/json",
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": SHOP,
      "x-shopify-webhook-id": `flood-${number}`,
      "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
    };
    const begun = performance.now();
    const { status } = await fetch(`${origin}/webhooks`, { method: "POST", headers, body });
    return { ms: performance.now() - begun, ok: status === 200 };
  }
  return {
    send: async (ms) => {
      const asked: ReturnType<typeof one>[] = [];
      const begun = performance.now();
      while (performance.now() - begun < ms) {
        asked.push(one());
        await sleep(Math.max(0, (asked.length * 1_000) / WEBHOOKS_A_SECOND - (performance.now() - begun)));
      }
      const answers = await Promise.all(asked);
      return { times: answers.map(({ ms: took }) => took), refused: answers.filter(({ ok }) => !ok).length };
    },
  };
}

/** Resident bytes of a process. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function rssOf(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1_024;
}

function bytesOf(url: string): number {
  if (isPostgres(url)) return Number(inPostgres(url, "SELECT pg_database_size(current_database())"));
  const path = url.slice("file:".length);
  return ["", "-wal"].reduce((sum, ending) => sum + (statSync(path + ending, { throwIfNoEntry: false })?.size ?? 0), 0);
}
