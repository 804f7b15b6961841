import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { programs } from "./postgres";

/** Debian's own psql on the PATH is a script that looks for the newest, which takes twice as long as the query. */
const PSQL = join(programs() ?? "", "psql");

/** Runs SQL in a database and answers what it prints; one line, unless it is a table. */
export function inPostgres(url: string, sql: string): string {
  return execFileSync(PSQL, ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}
