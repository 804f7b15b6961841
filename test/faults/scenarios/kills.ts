import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "../house";
import { crowd } from "../messages";
import { slow } from "./in-flight";
import type { Scenario, Size } from "./scenario";

const EVENTS_PER_KILL = 100;
/** Every so many kills strikes a server that has not come up yet. */
const ASLEEP_EVERY = 5;
/** The dead server's lease on the file is over after this. */
const LEAST_JUMP_MS = 9_000;
/** Half of them beyond the lease of what was in flight, half within it. */
const MOST_JUMP_MS = 80_000;
const PATIENCE_MS = 4_000;

/** Under load, with a Meta that takes its time: most kills find requests in flight. */
export const kills: Scenario = {
  name: "kill_9",
  says: "kill -9 at random moments, now and then while the server comes up",
  async play(house, writer, { kills: times }: Size) {
    const { random, meta } = house;
    meta.weather.script(slow(random, times * 20, 5, 200));
    const messages = crowd(random, Math.max(1, times) * EVENTS_PER_KILL);
    const plan = Array.from({ length: times }, (_, n) => ({
      asleep: n % ASLEEP_EVERY === ASLEEP_EVERY - 1,
      afterEvents: random.between(1, EVENTS_PER_KILL),
      afterMs: random.between(0, 250),
      laterMs: random.between(LEAST_JUMP_MS, MOST_JUMP_MS),
    }));
    house.start();
    const writing = writer.send(messages, { restMs: 20 });
    for (const { asleep, afterEvents, afterMs, laterMs } of plan) {
      if (!asleep) await underLoad(house, () => writer.acknowledged.size, afterEvents);
      await sleep(asleep ? afterMs * 3 : afterMs);
      await house.kill();
      await house.pass(laterMs);
      house.start();
    }
    await house.listening();
    await writing;
    meta.weather.script([]);
  },
};

/** Waits until the server listens and so many more events are acknowledged, or no more come. */
async function underLoad(house: House, acknowledged: () => number, more: number): Promise<void> {
  await house.listening();
  const enough = acknowledged() + more;
  for (let waited = 0; waited < PATIENCE_MS && acknowledged() < enough; waited += 5) await sleep(5);
}
