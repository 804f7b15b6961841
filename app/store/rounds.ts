/**
 * Parts a list so that no key comes twice in one part, and what has the same key keeps its order: PostgreSQL refuses a
 * statement that meets one row twice.
 */
export function inRounds<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const rounds: Item[][] = [];
  const met = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    const round = met.get(key) ?? 0;
    met.set(key, round + 1);
    const those = rounds[round];
    if (those === undefined) rounds.push([item]);
    else those.push(item);
  }
  return rounds;
}

/**
 * Sorts by key, what has the same key in the order in which it came: transactions that write the same rows must do so in one
 * order, or they wait for each other in a circle.
 */
export function inLockOrder<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const placed = items.map((item) => ({ item, key: keyOf(item) }));
  return placed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item);
}
