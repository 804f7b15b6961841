import pg from "pg";

/** What PostgreSQL calls its 64-bit integers. Ours are instants and counts, which a number holds exactly. */
const INT8 = 20;

const CONNECTIONS = 10;
/** A connection that cannot be had within this is not waited for: whoever asked tries again or says 503. */
const CONNECT_MS = 3_000;
/** A transaction of ours takes milliseconds; one that stands still for so long holds locks that others need. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** A server that is gone without a word answers nothing ever: what waits for it gives up, and asks anew. */
const QUERY_MS = 20_000;
const KEEP_ALIVE_MS = 10_000;

const SETTINGS = [
  // Promise 1 is about the disk, whatever the server's default is.
  "synchronous_commit=on",
  // Every verb has an index to go by. PostgreSQL counts rows once in a while: where nearly all were due a moment ago, it
  // would take the next best row for one. https://www.postgresql.org/docs/current/runtime-config-query.html
  "enable_seqscan=off",
  // And walks the index in its order. Where PostgreSQL believes that little waits, it would read and sort all that does
  // for each claim, be it a million rows.
  "enable_bitmapscan=off",
  // What is switched off counts as very dear in a plan that cannot do without, and a dear plan would be compiled first.
  "jit=off",
];

/** Connections for the pipeline's writes, beside Prisma's own. Throws nothing until one is asked for. */
export function openPool(url: string, { queryMs = QUERY_MS }: { queryMs?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: queryMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    options: SETTINGS.map((setting) => `-c ${setting}`).join(" "),
    types: {
      getTypeParser: ((oid: number, format?: "text") =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that breaks is taken out of the pool; whoever needs the next one hears of it there.
  pool.on("error", () => undefined);
  // One that is in use says the same to the query that waits on it; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
