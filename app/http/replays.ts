/** As many as are remembered; the one that was stored longest ago is forgotten first. */
const MOST = 20_000;

/** What was stored last, by its hash: a repeat is known without asking the store. */
export interface Replays {
  has(name: string): boolean;
  add(name: string): void;
}

/** One for the life of a process. What another one stored, or what is forgotten here, the store itself absorbs. */
export function openReplays(most = MOST): Replays {
  const names = new Set<string>();
  return {
    has: (name) => names.has(name),
    add(name) {
      names.add(name);
      // A Set keeps the order in which names came in.
      if (names.size > most) names.delete(names.values().next().value ?? "");
    },
  };
}
