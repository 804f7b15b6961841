import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "./house";

const LOOK_MS = 200;
/** So long nothing has changed: what waits, waits for a later time. */
const STILL_MS = 1_200;
/** Longer than a pause that Meta asks for when it names no time; each jump is twice the one before. */
const LEAST_JUMP_MS = 65_000;
const MOST_JUMPS = 10;
const MOST_MS = 90_000;

/** Lets time pass, by jumps where there is nothing to see, until no event waits; complains when that does not come. */
export async function untilNothingWaits(house: House): Promise<void> {
  let jumps = 0;
  let seen = "";
  let stillSince = performance.now();
  for (const deadline = performance.now() + MOST_MS; performance.now() < deadline; await sleep(LOOK_MS)) {
    const { count, dueAt } = await house.store.waiting();
    if (count === 0) return;
    if (seen !== `${count} ${dueAt}`) {
      seen = `${count} ${dueAt}`;
      stillSince = performance.now();
    }
    if (performance.now() - stillSince < STILL_MS) continue;
    if (jumps === MOST_JUMPS) break;
    await house.travel(Math.max(LEAST_JUMP_MS * 2 ** jumps, (dueAt ?? 0) - house.now() + 1_000));
    jumps += 1;
    stillSince = performance.now();
  }
  const { count, dueAt } = await house.store.waiting();
  if (count === 0) return;
  const due = dueAt === null ? "never" : new Date(dueAt).toISOString();
  house.complaints.push(
    `${count} events still wait, the next until ${due} (it is ${new Date(house.now()).toISOString()})`,
  );
}
