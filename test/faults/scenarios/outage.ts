import { setTimeout as sleep } from "node:timers/promises";
import { crowd } from "../messages";
import type { Scenario } from "./scenario";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LULL_MS = 1_200;

/** When shoppers come, in minutes after one another; the last of them after Meta is back. */
const PORTIONS = [55, 70];

/** Two hours on the clock, a few seconds on the wall: the server is started anew at each later time. */
export const outage: Scenario = {
  name: "outage_2h",
  says: "Meta is away for two hours by the clock: refused before taking",
  async play(house, writer, { events }) {
    const { random, meta } = house;
    const portion = Math.ceil(events / PORTIONS.length);
    meta.weather.script([
      { kind: "status", status: 503, forMs: HOUR_MS },
      { kind: "cut", forMs: HOUR_MS },
    ]);
    house.start();
    await house.listening();
    for (const minutes of PORTIONS) {
      await writer.send(crowd(random, portion));
      await sleep(LULL_MS);
      await house.travel(minutes * MINUTE_MS);
    }
    await writer.send(crowd(random, portion));
  },
};
