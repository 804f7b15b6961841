import { setImmediate as nextTurn } from "node:timers/promises";

/** Rows looked at in one query: others want the database too. */
const SPAN = 5_000;

/** Walks all row ids up to `newest` in spans, from above `after` to `until`; others come to their turn between two. */
export async function inSpans<Row>(
  newest: number,
  rowsOf: (after: number, until: number) => Promise<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let after = 0; after < newest; after += SPAN) {
    found.push(...(await rowsOf(after, after + SPAN)));
    await nextTurn();
  }
  return found;
}
