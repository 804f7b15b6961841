import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "../house";
import type { HouseServer } from "../house-server";
import { crowd } from "../messages";
import type { Random } from "../random";
import type { Writer } from "../writer";
import { nextRequest, slow } from "./in-flight";
import type { Scenario, Size } from "./scenario";

const EVENTS_PER_KILL = 40;
/** As long as a request may wait to be filled, and its answer takes. */
const PATIENCE_MS = 4_000;
const MOST_LATENCY_MS = 300;
/** What is claimed at a kill falls due again before this; LEASE_MS of app/pipeline/delivering.server.ts is 45 s. */
const NEARLY_LEASE_MS = 43_000;
/** And is at Meta before this; or soon after its new owner is there, on a machine that takes that long to start one. */
const MINUTE_MS = 60_000;
const SOON_MS = 15_000;
const BOOT_MS = 120_000;
/** Beyond every pause and every wait for others to travel with. */
const LONG_MS = 70_000;

/** One server takes in, the others deliver; each on a machine whose clock is so many minutes ahead. */
function workers(word: string, ahead: readonly number[]): Scenario {
  return {
    name: `${word}_workers`,
    says: `one web process, ${word} workers, their clocks up to 5 minutes off; kill -9 strikes any of them at any moment`,
    servers: [{ role: "web" }, ...ahead.map((minutes) => ({ role: "worker" as const, aheadMs: minutes * MINUTE_MS }))],
    async play(house, writer, size) {
      house.start();
      await house.listening();
      await killedUnderLoad(house, writer, size);
      await replacedWithinAMinute(house, writer);
    },
  };
}

export const twoWorkers = workers("two", [0, 5]);
export const fourWorkers = workers("four", [0, 5, 0, -5]);

/** Kills any of the workers, time and again, when something has just left for Meta; another soon takes its place. */
async function killedUnderLoad(house: House, writer: Writer, { kills }: Size): Promise<void> {
  const { random, meta } = house;
  meta.weather.script(slow(random, kills * 20, 5, MOST_LATENCY_MS));
  for (let killed = 0; killed < kills; killed += 1) {
    const writing = writer.send(crowd(random, EVENTS_PER_KILL), { restMs: 5 });
    await nextRequest(house, PATIENCE_MS);
    await sleep(random.between(0, MOST_LATENCY_MS));
    await anyOf(random, house.servers).kill();
    await writing;
    house.start();
  }
  await house.listening();
  meta.weather.script([]);
}

function anyOf(random: Random, servers: readonly HouseServer[]): HouseServer {
  const [first, ...others] = servers.filter(({ role, pid }) => role === "worker" && pid() !== null);
  if (first === undefined) throw new Error("no worker runs");
  return random.pick([first, ...others]);
}

/**
 * One is alone at work and is killed with a request at Meta; those who were away have what it held at Meta before a minute is
 * over. The clock goes on at once to where its leases nearly end.
 */
async function replacedWithinAMinute(house: House, writer: Writer): Promise<void> {
  const { random, meta, store, servers } = house;
  const [web, dying, ...others] = servers;
  if (web === undefined || dying === undefined) throw new Error("too few servers");
  await Promise.all([dying, ...others].map((worker) => worker.stop()));
  await writer.send(crowd(random, EVENTS_PER_KILL));
  await web.stop();
  await house.pass(LONG_MS);
  meta.weather.script(slow(random, 10, PATIENCE_MS, PATIENCE_MS));
  dying.start();
  await nextRequest(house, BOOT_MS);
  const killedAt = house.now();
  await dying.kill();
  meta.weather.script([]);
  const claimed = (await store.rows()).filter((row) => row.outcome === "waiting" && row.claimed);
  const held = new Set(claimed.map(({ eventId }) => eventId));
  if (held.size === 0) house.complaints.push("the last worker held nothing when it was killed");
  await house.pass(killedAt + NEARLY_LEASE_MS - house.now());
  for (const other of others) other.start();
  await house.listening();
  const deadline = Math.max(killedAt + MINUTE_MS, house.now() + SOON_MS);
  const waiting = async () =>
    (await store.rows()).filter(({ eventId, outcome }) => held.has(eventId) && outcome === "waiting").length;
  let left = await waiting();
  for (; house.now() < deadline && left > 0; left = await waiting()) await sleep(200);
  if (left > 0) house.complaints.push(`${left} of ${held.size} events of a killed worker took longer than a minute`);
}
