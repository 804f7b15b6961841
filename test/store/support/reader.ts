import { isPostgres } from "~/database-address";
import { openConnection } from "~/store/sqlite/connection.server";
import { inPostgres } from "../../support/psql";

/** Looks at what is committed, from outside the store. */
export interface Reader {
  all<Row>(sql: string): Row[];
  exec(sql: string): void;
  close(): void;
}

export function openReader(address: string): Reader {
  return isPostgres(address) ? postgresReader(address) : openConnection(address);
}

/** As SQLite would say it: booleans are numbers. */
function postgresReader(url: string): Reader {
  return {
    all: (sql) => {
      const rows = inPostgres(url, `SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (${sql}) AS t`);
      return JSON.parse(rows, (_, value) => (typeof value === "boolean" ? Number(value) : value));
    },
    exec: (sql) => void inPostgres(url, sql),
    close: () => undefined,
  };
}
