import pg from "pg";

/** Any number that nobody else of ours locks. */
const LOCK = 7_236_341;
/** How long a start waits for another process that is migrating. */
const PATIENCE_MS = 60_000;

/** The lock is the session's: PostgreSQL lets go of it when its holder dies. */
export function whileMigratingPostgres(url: string, work: () => Promise<void>): Promise<void> {
  return connected(url, async (client) => {
    await client.query(`SET lock_timeout = ${PATIENCE_MS}`);
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await work();
  });
}

/** Names of the migrations that the database has. */
export function postgresMigrations(url: string): Promise<string[]> {
  return connected(url, async (client) => {
    const { rows: there } = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "there"`);
    if (there[0]?.there !== true) return [];
    const { rows } = await client.query<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    );
    return rows.map((row) => row.migration_name);
  });
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
