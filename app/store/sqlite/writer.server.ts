import { setTimeout as sleep } from "node:timers/promises";
import { groupCommit } from "../group-commit";
import type { Parameter, Sql, Work } from "../statement";
import { PATIENCE_MS, StoreBusy, type Writer } from "../writer";
import { type Connection, isBusy } from "./connection.server";
import { SQLITE } from "./dialect";

interface WriterDeps {
  now?: () => number;
  random?: () => number;
}

/**
 * The one writer of a process. Each transaction is one synchronous turn (BEGIN IMMEDIATE … COMMIT), so nothing of this
 * process can land inside it; against other processes it waits asynchronously, so the event loop never stands still.
 */
export function openSqliteWriter(
  connection: Connection,
  { now = Date.now, random = Math.random }: WriterDeps = {},
): Writer {
  let tail: Promise<unknown> = Promise.resolve();

  /** One transaction at a time, in the order asked for. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  }

  /** `asked`: when the write was asked for; waiting behind others counts. */
  async function patiently<T>(asked: number, work: () => T): Promise<T> {
    const deadline = asked + PATIENCE_MS;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (now() >= deadline) throw new StoreBusy("another process holds the database", { cause: error });
      }
      await sleep(10 + random() * 40);
    }
  }

  function commit<T>(work: () => Work<T>): T {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const result = runThrough(connection, work());
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      rollBack(connection);
      throw error;
    }
  }

  function transactionSince<T>(asked: number, work: () => Work<T>): Promise<T> {
    return inTurn(() => patiently(asked, () => commit(work)));
  }

  /**
   * Rewrites the file: `secure_delete` clears what is deleted, but not what SQLite left behind when it moved rows between pages.
   * Then cuts the log, which has every page as it once was. https://www.sqlite.org/lang_vacuum.html
   */
  function sweep(): void {
    connection.exec("VACUUM");
    const [checkpoint] = connection.all<{ busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)");
    if (checkpoint?.busy !== 0) throw new LogInUse("somebody reads from the log");
  }

  function size(): number {
    const [pages] = connection.all<{ page_count: number }>("PRAGMA page_count");
    const [page] = connection.all<{ page_size: number }>("PRAGMA page_size");
    return (pages?.page_count ?? 0) * (page?.page_size ?? 0);
  }

  return {
    transaction: (work) => transactionSince(now(), work),
    sweep: async (mostBytes) => {
      if (size() > mostBytes) return false;
      const asked = now();
      await inTurn(() => patiently(asked, sweep));
      return true;
    },
    read: async (work) => runThrough(connection, work()),
    grouped: (apply) => groupCommit(apply, transactionSince, now),
    close: async () => {
      await tail;
      connection.close();
    },
  };
}

/** The log cannot be cut while another connection reads from it. */
class LogInUse extends Error {
  override name = "LogInUse";
  readonly code = "SQLITE_BUSY";
}

/** Runs a verb to its end in one synchronous turn. */
function runThrough<T>(connection: Connection, work: Work<T>): T {
  let step = work.next();
  while (!step.done) {
    const { sql, parameters, answers } = step.value;
    const text = textOf(sql);
    const bound = parameters.map(plain);
    step = work.next(answers === "rows" ? connection.all(text, ...bound) : connection.run(text, ...bound));
  }
  return step.value;
}

const texts = new Map<Sql, string>();

function textOf(sql: Sql): string {
  if (typeof sql === "string") return sql;
  const known = texts.get(sql);
  if (known !== undefined) return known;
  const text = sql(SQLITE);
  texts.set(sql, text);
  return text;
}

/** SQLite has no booleans of its own. */
function plain(parameter: Parameter): string | number | null {
  return typeof parameter === "boolean" ? Number(parameter) : parameter;
}

function rollBack(connection: Connection): void {
  try {
    connection.exec("ROLLBACK");
  } catch {
    // BEGIN itself failed, or SQLite rolled back already: there is nothing to undo.
  }
}
