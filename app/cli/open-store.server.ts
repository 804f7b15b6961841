import type { PrismaClient } from "@prisma/client";
import { isPostgres } from "../database-address";
import { openDatabase } from "../db.server";
import { databaseAddress, type StoreEnv, storeEnv } from "../env.server";
import { openLeaseClock } from "../outbox/lease-clock";
import { type Keyring, loadKeyring } from "../store/keyring.server";
import { migrate } from "../store/migrate.server";
import { openStore, type Store } from "../store/store.server";
import type { CommandContext } from "./command.server";

export interface OpenStore {
  env: StoreEnv;
  store: Store;
  db: PrismaClient;
  keyring: Keyring;
  /** The clock that leases are counted in; epoch milliseconds. */
  leaseNow: () => number;
}

/** Opens the store for one command and closes it after; the schema is brought up to date first. */
export async function withStore<T>(context: CommandContext, work: (open: OpenStore) => Promise<T>): Promise<T> {
  const env = storeEnv(context.env);
  const keyring = loadKeyring(env);
  const path = databaseAddress(env);
  if (env.MIGRATE) await migrate({ path, root: context.root });
  const store = openStore(path);
  const db = openDatabase(env.DATABASE_URL);
  try {
    const { now: leaseNow } = await openLeaseClock(isPostgres(path) ? () => store.databaseNow() : null, context.now);
    return await work({ env, store, db, keyring, leaseNow });
  } finally {
    await store.close();
    await db.$disconnect();
  }
}

/** Says so when no server is there to act on what a command wrote. */
export async function mentionServer({ store, leaseNow }: OpenStore, { terminal }: CommandContext): Promise<void> {
  if (!(await store.serverAlive(leaseNow())))
    terminal.err("no server is running on this database; it acts when one starts");
}
