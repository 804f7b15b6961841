import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isPostgres } from "~/database-address";
import { inPostgres } from "./psql";

/**
 * All that a store has written down, as text by place: of SQLite every file of its folder, byte for byte (Latin-1), the log too;
 * of PostgreSQL every row of every table.
 */
export function contentOf(address: string): Map<string, string> {
  return isPostgres(address) ? rowsOf(address) : filesOf(dirname(address));
}

function filesOf(folder: string): Map<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("latin1")]));
}

function rowsOf(url: string): Map<string, string> {
  const tables = inPostgres(url, `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`).split(
    "\n",
  );
  return new Map(
    tables.map((table) => {
      const text = inPostgres(url, `SELECT coalesce(string_agg(t::text, chr(10)), '') FROM ${table} AS t`);
      return [table, Buffer.from(text).toString("latin1")];
    }),
  );
}

/** Which of these words stand there, whatever their case, and where. */
export function foundIn(content: ReadonlyMap<string, string>, words: readonly string[]): string[] {
  const wanted = words.map((word) => [word, Buffer.from(word).toString("latin1").toLowerCase()] as const);
  return [...content].flatMap(([place, text]) => {
    const anyCase = text.toLowerCase();
    return wanted.filter(([, bytes]) => anyCase.includes(bytes)).map(([word]) => `${word} in ${place}`);
  });
}
