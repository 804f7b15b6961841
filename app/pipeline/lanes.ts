/** What a lane met: `empty` when there was nothing left to do, `blocked` when nobody may go on. */
export type LaneResult = "done" | "empty" | "blocked";

/**
 * Runs `step` in up to `most` lanes at once until there is nothing left or a lane is blocked. One lane begins; another
 * opens each time a lane finds more than it can take. Throws what a lane throws, after the others have come to rest.
 */
export async function inLanes(most: number, step: (more: () => void) => Promise<LaneResult>): Promise<void> {
  const lanes = new Set<Promise<void>>();
  let blocked = false;
  let failure: { error: unknown } | undefined;

  function open(): void {
    if (lanes.size >= most || blocked || failure !== undefined) return;
    const lane = run()
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .then(() => {
        lanes.delete(lane);
      });
    lanes.add(lane);
  }

  async function run(): Promise<void> {
    while (!blocked && failure === undefined) {
      const result = await step(open);
      if (result === "blocked") blocked = true;
      if (result === "empty") return;
    }
  }

  open();
  while (lanes.size > 0) await Promise.all(lanes);
  if (failure !== undefined) throw failure.error;
}
