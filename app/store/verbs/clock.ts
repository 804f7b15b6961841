import { all, type Sql, type Work } from "../statement";

const NOW: Sql = ({ clock }) => `SELECT ${clock} AS "now"`;

/** What time it is where the database is, epoch milliseconds. */
export function* databaseNow(): Work<number> {
  const [row] = yield* all<{ now: number }>(NOW);
  if (row === undefined) throw new Error("the database does not say what time it is");
  return row.now;
}
