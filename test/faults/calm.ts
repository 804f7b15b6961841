import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "./house";

const LOOK_MS = 200;
/** So long nothing has changed: what waits, waits for a later time. */
const STILL_MS = 1_200;
/** What is due may wait so long for others to travel with. */
const FRESH_MS = 11_500;
/** Longer than a pause that Meta asks for when it names no time; each jump is twice the one before. */
const LEAST_JUMP_MS = 65_000;
const MOST_JUMPS = 10;
const MOST_MS = 240_000;

/** Lets time pass, by jumps where there is nothing to see, until no event waits; complains when that does not come. */
export async function untilNothingWaits(house: House): Promise<void> {
  let jumps = 0;
  let seen = "";
  let stillSince = performance.now();
  for (const deadline = performance.now() + MOST_MS; performance.now() < deadline; await sleep(LOOK_MS)) {
    const { count, nextAt, lastAt } = await house.store.waiting();
    if (count === 0) return;
    if (seen !== `${count} ${nextAt} ${lastAt}`) {
      seen = `${count} ${nextAt} ${lastAt}`;
      stillSince = performance.now();
    }
    const leavesSoon = nextAt !== null && nextAt > house.now() - FRESH_MS && nextAt < house.now() + LOOK_MS;
    if (performance.now() - stillSince < (leavesSoon ? FRESH_MS : STILL_MS)) continue;
    if (jumps === MOST_JUMPS) break;
    await house.travel(Math.max(LEAST_JUMP_MS * 2 ** jumps, (lastAt ?? 0) - house.now() + 1_000));
    jumps += 1;
    stillSince = performance.now();
  }
  const { count, lastAt } = await house.store.waiting();
  if (count === 0) return;
  const due = lastAt === null ? "never" : new Date(lastAt).toISOString();
  house.complaints.push(
    `${count} events still wait, the next until ${due} (it is ${new Date(house.now()).toISOString()})`,
  );
}
