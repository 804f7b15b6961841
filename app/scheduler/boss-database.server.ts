import pg from "pg";
import type { Log } from "../log.server";

/**
 * What failed between pg-boss and PostgreSQL. It has a name of its own because nobody may be waiting for it: pg-boss does not
 * await the query that says a job is done (its manager.js, `onFetch`), so it can reach the process as a rejection nobody handles.
 */
export class SchedulerFault extends Error {
  override readonly name = "SchedulerFault";
}

/** pg-boss' way to the database: https://github.com/timgit/pg-boss/blob/10.4.2/docs/readme.md#newoptions ("db"). */
export interface BossDatabase {
  /** Throws SchedulerFault. */
  executeSql(text: string, values: unknown[]): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

/** Throws nothing until it is asked something. `max`: connections. */
export function openBossDatabase({ url, max, log }: { url: string; max: number; log: Log }): BossDatabase {
  const pool = new pg.Pool({ connectionString: url, max, application_name: "tandem-scheduler" });
  // A database that is away is said by whoever loses something by it; here that is a hint at the most.
  const tell = (error: Error) => log.warn({ err: error }, "pg_boss.failed");
  pool.on("error", tell);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    async executeSql(text, values) {
      try {
        return await pool.query(text, values);
      } catch (error) {
        throw new SchedulerFault(error instanceof Error ? error.message : String(error), { cause: error });
      }
    },
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}
