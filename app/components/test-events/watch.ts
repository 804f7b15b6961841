/** How long a page rests between two looks at what has changed. */
export const LOOK_EVERY_MS = 2_000;
/** For how long it looks in vain before it asks whether anybody is still there. */
export const IN_VAIN_MS = 10 * 60_000;

/** A look under way may outlast its page by so much at the most. */
const LOOK_WITHIN_MS = 10_000;

interface Watched {
  /** Looks once; answers whether there was anything new. Whatever keeps it from looking is its own to tell. */
  look: (given: AbortSignal) => Promise<boolean>;
  /** It has looked in vain for so long that it stops. */
  rest: () => void;
}

/** What a watch knows of the world. */
export interface Surroundings {
  page: {
    readonly visibilityState: DocumentVisibilityState;
    addEventListener(type: "visibilitychange", listener: () => void): void;
    removeEventListener(type: "visibilitychange", listener: () => void): void;
  };
  now: () => number;
  /** Runs it later; answers what takes that back. */
  later: (run: () => void, ms: number) => () => void;
}

const BROWSER = (): Surroundings => ({
  page: document,
  now: Date.now,
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});

/** Looks again and again while the page is in sight; one look at a time. Answers what ends it. */
export function watch({ look, rest }: Watched, { page, now, later }: Surroundings = BROWSER()): () => void {
  const ended = new AbortController();
  let takeBack = () => {};
  let looking = false;
  let lastNewAt = now();

  function plan(ms: number): void {
    takeBack();
    if (ended.signal.aborted || looking || page.visibilityState === "hidden") return;
    takeBack = later(() => void once(), ms);
  }

  async function once(): Promise<void> {
    looking = true;
    const isNew = await look(AbortSignal.any([ended.signal, AbortSignal.timeout(LOOK_WITHIN_MS)]));
    looking = false;
    if (ended.signal.aborted) return;
    if (isNew) lastNewAt = now();
    if (now() - lastNewAt < IN_VAIN_MS) return plan(LOOK_EVERY_MS);
    end();
    rest();
  }

  // Who comes back to the page is there.
  function seen(): void {
    lastNewAt = now();
    plan(0);
  }

  function end(): void {
    takeBack();
    ended.abort();
    page.removeEventListener("visibilitychange", seen);
  }

  page.addEventListener("visibilitychange", seen);
  plan(LOOK_EVERY_MS);
  return end;
}
