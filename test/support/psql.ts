import { execFileSync } from "node:child_process";

/** Runs SQL in a database and answers what it prints; one line, unless it is a table. */
export function inPostgres(url: string, sql: string): string {
  return execFileSync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}
