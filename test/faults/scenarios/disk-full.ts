import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "../house";
import { crowd } from "../messages";
import type { Writer } from "../writer";
import { slow } from "./in-flight";
import type { Scenario } from "./scenario";

/** A little more than a fresh database; and the size of a file of PostgreSQL's log, for which there is still room. */
const MOST_FILE_BYTES = 1_048_576;
const PORTION = 100;
/** More than fill it. */
const MOST_EVENTS = 3_000;
const FULL_FOR_MS = 1_500;
const PATIENCE_MS = 60_000;
/** Beyond the lease of what was claimed. */
const LATER_MS = 60_000;

/** Files may grow so far and no further (RLIMIT_FSIZE); then there is room again, and later a restart. */
export const diskFull: Scenario = {
  name: "disk_full",
  says: "the disk is full while events come and go; then it is not, and later the server is started anew",
  async play(house, writer, { events }) {
    const { random, meta } = house;
    meta.weather.script(slow(random, 50, 20, 150));
    house.start();
    await house.listening();
    house.limitDisk(MOST_FILE_BYTES);
    const refused = () => writer.refusals.get(503) ?? 0;
    const writing = fill(house, writer, (sent) => sent >= events && (refused() > 0 || sent >= MOST_EVENTS));
    for (let waited = 0; waited < PATIENCE_MS && refused() === 0; waited += 20) await sleep(20);
    if (refused() === 0) house.complaints.push("the disk never was full");
    await sleep(FULL_FOR_MS);
    house.limitDisk(null);
    await writing;
    meta.weather.script([]);
    await house.travel(LATER_MS);
  },
};

/** Writes in portions until it is enough. */
async function fill({ random }: House, writer: Writer, isEnough: (sent: number) => boolean): Promise<void> {
  for (let sent = 0; !isEnough(sent); sent += PORTION) await writer.send(crowd(random, PORTION), { restMs: 5 });
}
