import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";

/** A synchronous connection to the SQLite file, beside Prisma's own. */
export interface Connection {
  /** Rows of a statement, prepared once. */
  all<Row>(sql: string, ...parameters: unknown[]): Row[];
  /** Runs a statement that returns no rows; answers how many it changed. */
  run(sql: string, ...parameters: unknown[]): number;
  exec(sql: string): void;
  close(): void;
}

/** Blocks the event loop for so long at most when another process holds the write lock; the writer then waits asynchronously. */
const BUSY_TIMEOUT_MS = 20;

/**
 * Pages in the log until they are written into the file. A page that many commits touch, as an index's is, is written there once
 * for all of them; the log is 16 MB long then. https://www.sqlite.org/wal.html#ckpt
 */
const CHECKPOINT_PAGES = 4_000;
/** What of the file is kept in memory, KiB: a group commit touches some hundred pages of each index, and SQLite keeps 2 MB. */
const CACHE_KIB = 16_384;

/** Opens the file with the PRAGMAs of promise 1: WAL and synchronous=FULL, so that a commit is on the disk. */
export function openConnection(path: string): Connection {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  // Rows come back from `PRAGMA x = y`, which exec() refuses.
  database.prepare(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`).all();
  database.prepare("PRAGMA journal_mode = WAL").all();
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  database.prepare(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`).all();
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  // What is deleted or overwritten is cleared in its page: https://www.sqlite.org/pragma.html#pragma_secure_delete
  database.prepare("PRAGMA secure_delete = ON").all();
  const prepared = new Map<string, Database.Statement>();
  function statement(sql: string): Database.Statement {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  }
  return {
    all: <Row>(sql: string, ...parameters: unknown[]) => statement(sql).all(...parameters) as Row[],
    run: (sql, ...parameters) => statement(sql).run(...parameters).changes,
    exec: (sql) => {
      database.exec(sql);
    },
    close: () => {
      prepared.clear();
      database.close();
    },
  };
}

/** True for the error SQLite gives when another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("SQLITE_BUSY")
  );
}
