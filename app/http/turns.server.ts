/**
 * How long beacons may keep the process busy before whoever else waits is heard, milliseconds. A flood asks on hundreds of
 * connections at once; dealt with in one go they would hold up the orders that came in meanwhile.
 */
const TURN_MS = 1;

/** Has work done in its turn, in the order it came. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * `hurry`: whether an order is on its way to the store, which it asks several times; then one piece of work is done between
 * two looks at what has come in. `now`: monotonic milliseconds.
 */
export function openTurns(hurry: () => boolean, now: () => number = () => performance.now()): Turns {
  let waiting: (() => void)[] = [];

  function turn(): void {
    const until = now() + (hurry() ? 0 : TURN_MS);
    const all = waiting;
    waiting = [];
    let done = 0;
    while (done < all.length && (done === 0 || now() < until)) {
      all[done]?.();
      done += 1;
    }
    waiting = [...all.slice(done), ...waiting];
    // Set anew: Node looks at its connections before it comes back here.
    if (waiting.length > 0) setImmediate(turn);
  }

  return (work) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(turn);
      waiting.push(() => resolve(work()));
    });
}
