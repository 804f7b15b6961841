/** Gives way to so many at once; who comes first is served first, so that nobody who asks often is served more. */
export interface Slots {
  /** Resolves when there is a slot, with what gives it back. */
  take(): Promise<() => void>;
}

export function openSlots(most: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function giveBack(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  return {
    async take() {
      if (taken < most) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let given = false;
      return () => {
        if (!given) giveBack();
        given = true;
      };
    },
  };
}
