import { setTimeout as sleep } from "node:timers/promises";
import { crowd } from "../messages";
import type { Scenario } from "./scenario";

/** A little more than a fresh database. */
const MOST_FILE_BYTES = 900_000;
/** As many as fill it. */
const LEAST_EVENTS = 400;
const FULL_FOR_MS = 1_500;
const PATIENCE_MS = 20_000;
/** Beyond the lease of what was claimed. */
const LATER_MS = 60_000;

/** Files may grow so far and no further (RLIMIT_FSIZE); then there is room again, and later a restart. */
export const diskFull: Scenario = {
  name: "disk_full",
  says: "the disk is full while events come and go; then it is not, and later the server is started anew",
  async play(house, writer, { events }) {
    const { random, meta } = house;
    meta.weather.script(Array.from({ length: 50 }, () => ({ kind: "latency", ms: random.between(20, 150) })));
    house.start({ mostFileBytes: MOST_FILE_BYTES });
    await house.listening();
    const writing = writer.send(crowd(random, Math.max(events, LEAST_EVENTS)), { restMs: 5 });
    const refused = () => writer.refusals.get(503) ?? 0;
    for (let waited = 0; waited < PATIENCE_MS && refused() === 0; waited += 20) await sleep(20);
    if (refused() === 0) house.complaints.push("the disk never was full");
    await sleep(FULL_FOR_MS);
    house.giveRoom();
    await writing;
    meta.weather.script([]);
    await house.travel(LATER_MS);
  },
};
