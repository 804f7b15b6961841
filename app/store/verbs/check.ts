import { all, type Sql, type Work } from "../statement";

const LOCK: Sql = ({ forUpdate }) => `SELECT "n" FROM "SettingsVersion" WHERE "id" = 1 ${forUpdate}`;

/** Throws where the database cannot be written: a transaction on SQLite begins as a writer's, on PostgreSQL a lock needs one. */
export function* canWrite(): Work<void> {
  yield* all(LOCK);
}
