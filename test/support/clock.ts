/** A clock that stands until it is moved. */
export interface HeldClock {
  now: () => number;
  /** Moves on by so many milliseconds. */
  pass(ms: number): void;
  set(at: number): void;
}

/** Friday, 20 November 2026, 10:00 UTC: the day on which every example happens. */
export const DAY = Date.parse("2026-11-20T10:00:00Z");

export function heldClock(at: number = DAY): HeldClock {
  let current = at;
  return {
    now: () => current,
    pass: (ms) => {
      current += ms;
    },
    set: (to) => {
      current = to;
    },
  };
}
