import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { groupCommit } from "../group-commit";
import type { Parameter, Sql, Work } from "../statement";
import { PATIENCE_MS, StoreBusy, type Writer } from "../writer";
import { POSTGRES } from "./dialect";

interface WriterDeps {
  now?: () => number;
  random?: () => number;
}

/**
 * Carries verbs out on a pool of connections, any number at once. What cannot be committed for a reason that passes (a
 * deadlock, a server that restarts) is run again from its start: a commit whose answer was lost may then have happened
 * twice, which every verb is made to bear.
 */
export function openPostgresWriter(pool: pg.Pool, { now = Date.now, random = Math.random }: WriterDeps = {}): Writer {
  async function once<T>(work: () => Work<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await runThrough(client, work());
      await client.query("COMMIT");
      return result;
    } catch (error) {
      broken = isSilence(error) ? error : await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** `asked`: when the write was asked for; waiting counts. */
  async function patiently<T>(asked: number, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!passes(error)) throw error;
        if (now() >= asked + PATIENCE_MS) throw new StoreBusy("the database could not take it", { cause: error });
      }
      await sleep(20 + random() * 80);
    }
  }

  const transactionSince = <T>(asked: number, work: () => Work<T>) => patiently(asked, () => once(work));

  return {
    transaction: (work) => transactionSince(now(), work),
    read: (work) => patiently(now(), () => runThrough(pool, work())),
    grouped: (apply) => groupCommit(apply, transactionSince, now),
    sweep: async () => {
      // Nobody waits for it: it takes no lock that a write needs.
      await pool.query({ text: VACUUM, query_timeout: SWEEP_MS } as pg.QueryConfig);
      return true;
    },
    close: () => pool.end(),
  };
}

/** What erasing touches. The room of dead rows is used anew from then on. https://www.postgresql.org/docs/current/sql-vacuum.html */
const ERASED = [
  "Event",
  "Attempt",
  "AttemptEvent",
  "BrowserCopy",
  "CopiesToCount",
  "BrowserContext",
  "LedgerLine",
  "AlertMessage",
];
const WITH_A_SHOP = ["Notice", "Dataset", "Session", "Shop"];
const VACUUM = `VACUUM ${[...ERASED, ...WITH_A_SHOP].map((table) => `"${table}"`).join(", ")}`;
/** A large database takes minutes. */
const SWEEP_MS = 3_600_000;

/** Answers why the connection is of no further use; undefined: it is of use. */
async function rollBack(client: pg.ClientBase): Promise<Error | undefined> {
  return client.query("ROLLBACK").then(
    () => undefined,
    (failure: Error) => failure,
  );
}

/** The server has not answered in time: on this connection it would not answer what comes after either. */
function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === "Query read timeout";
}

/** Runs a verb to its end, waiting for each answer. */
async function runThrough<T>(client: Pick<pg.ClientBase | pg.Pool, "query">, work: Work<T>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    const { sql, parameters, answers } = step.value;
    const { rows, rowCount } = await client.query(textOf(sql, parameters), [...parameters]);
    step = work.next(answers === "rows" ? rows : (rowCount ?? 0));
  }
  return step.value;
}

/** By statement and by the kinds of its parameters. */
const texts = new Map<Sql, Map<string, string>>();

function textOf(sql: Sql, parameters: readonly Parameter[]): string {
  let known = texts.get(sql);
  if (known === undefined) {
    known = new Map();
    texts.set(sql, known);
  }
  const kinds = parameters.map((parameter) => (parameter === null ? "-" : typeof parameter)).join(" ");
  const text = known.get(kinds) ?? numbered(typeof sql === "string" ? sql : sql(POSTGRES), parameters);
  known.set(kinds, text);
  return text;
}

const CASTS: Readonly<Record<string, string>> = { number: "::bigint", string: "::text", boolean: "::boolean" };

/** PostgreSQL counts parameters with a dollar sign, and takes a number for the type it stands beside: ours are all wide. */
function numbered(sql: string, parameters: readonly Parameter[]): string {
  let bare = 0;
  return sql.replace(/\?(\d*)/g, (_, digits: string) => {
    bare += 1;
    const n = digits === "" ? bare : Number(digits);
    return `$${n}${CASTS[typeof parameters[n - 1]] ?? ""}`;
  });
}

/** Serialisation, deadlocks, locks; connections and servers that come and go. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const PASSING = /^(?:40001|40P01|55P03|57P0[123]|08...|53...|E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT))$/;

function passes(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") return PASSING.test(error.code);
  // The driver gives these no code.
  return /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}
