import { setTimeout as sleep } from "node:timers/promises";
import type { Halt } from "../../support/postgres";
import { crowd } from "../messages";
import { nextRequest, slow } from "./in-flight";
import type { Scenario } from "./scenario";

/** As long as a request may wait to be filled. */
const PATIENCE_MS = 12_000;
interface Stop {
  how: Halt;
  /** For how long it is away. */
  awayMs: number;
}

const IN_A_HURRY: readonly Stop[] = [
  { how: "immediate", awayMs: 300 },
  { how: "fast", awayMs: 900 },
];
/** Once for longer than a write waits for it (5 s). */
const STOPS: readonly Stop[] = [...IN_A_HURRY, { how: "fast", awayMs: 1_500 }, { how: "immediate", awayMs: 6_500 }];
const LEAST_LATENCY_MS = 300;
const MOST_LATENCY_MS = 800;

/** No answer of Meta's may be lost over it: it is written down when the database is back. */
export const postgresRestarted: Scenario = {
  name: "postgres_restarted",
  says: "PostgreSQL is ended (immediate, fast) and started again while requests are at Meta",
  servers: [{ role: "web" }, { role: "worker" }],
  async play(house, writer, { events, patient }) {
    const { random, meta, store } = house;
    const { cluster } = store;
    if (cluster === null) throw new Error("this store has no server to restart");
    meta.weather.script(slow(random, events, LEAST_LATENCY_MS, MOST_LATENCY_MS));
    house.start();
    await house.listening();
    const stops = random.shuffled(patient ? STOPS : IN_A_HURRY);
    for (const { how, awayMs } of stops) {
      const writing = writer.send(crowd(random, Math.ceil(events / stops.length)), { restMs: 50 });
      if (!(await nextRequest(house, PATIENCE_MS))) house.complaints.push("nothing was at Meta when PostgreSQL ended");
      await cluster.halt(how);
      await sleep(awayMs);
      await cluster.start();
      await writing;
    }
    meta.weather.script([]);
  },
};
