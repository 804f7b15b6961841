import pg from "pg";
import { migrate } from "~/store/migrate.server";
import { type PrivatePostgres, startPostgres } from "../../support/postgres";
import type { FaultStore, StoreMaker } from "../store";
import { readingFrom } from "./reading";
import { withStoreAt } from "./with-store";

const DATABASE = "tandem";

/**
 * Migrates one cluster and copies it for each scenario, server and all: what befalls a server or its disk befalls one scenario.
 * Its commits wait for the disk, as everywhere but in tests.
 */
export async function postgresClusters(): Promise<StoreMaker> {
  const template = await startPostgres({ fsync: true, logFileMb: LOG_FILE_MB });
  const alive = new Set([template]);
  const end = (cluster: PrivatePostgres) => {
    cluster.stop();
    alive.delete(cluster);
  };
  const close = () => alive.forEach(end);
  try {
    await createDatabase(template.url("postgres"));
    await migrate({ path: template.url(DATABASE), root: process.cwd() });
    await template.halt("fast");
  } catch (error) {
    close();
    throw error;
  }
  return {
    fresh: async () => {
      const cluster = await template.copy();
      alive.add(cluster);
      await cluster.start();
      return postgresStore(cluster, () => end(cluster));
    },
    close,
  };
}

/** The smallest there is: a copy takes no time, and a limit on its files strikes tables, not the log. */
const LOG_FILE_MB = 1;

const createDatabase = (url: string) => execute(url, `CREATE DATABASE ${DATABASE}`);

/** A function of our own by the name of PostgreSQL's, where it is looked for first. */
function setClock(url: string, aheadMs: number): Promise<void> {
  return execute(
    url,
    `CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS $$ SELECT pg_catalog.clock_timestamp() + interval '${aheadMs} ms' $$;
     ALTER DATABASE ${DATABASE} SET search_path = public, pg_catalog`,
  );
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function postgresStore(cluster: PrivatePostgres, remove: () => void): FaultStore {
  const url = cluster.url(DATABASE);
  return {
    ...readingFrom(url),
    url,
    cluster,
    setClock: (aheadMs) => setClock(url, aheadMs),
    withStore: (work) => withStoreAt(url, work),
    remove,
  };
}
