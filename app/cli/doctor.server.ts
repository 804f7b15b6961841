import { statfs } from "node:fs/promises";
import { counted } from "../counted";
import { isPostgres } from "../database-address";
import { databaseAddress, EnvError, type StoreEnv, storeEnv } from "../env.server";
import { openRegistry } from "../settings/registry.server";
import { loadKeyring } from "../store/keyring.server";
import { pending } from "../store/migrate.server";
import { type Command, type CommandContext, flagsOf } from "./command.server";
import { readAppFile } from "./doctor/app-file.server";
import { checkKeys } from "./doctor/keys.server";
import { checkQueue } from "./doctor/queue.server";
import { checkRequests } from "./doctor/requests.server";
import { fine, type Row, wrong } from "./doctor/row";
import { checkShops } from "./doctor/shops.server";
import { checkFile, type DiskDeps } from "./doctor/store.server";
import { checkVersions } from "./doctor/version.server";
import { type OpenStore, withStore } from "./open-store.server";

export interface DoctorDeps extends DiskDeps {
  fetch: typeof fetch;
  /** v20.19.0 */
  nodeVersion: string;
}

/** Looks at everything an operator would, and says what to do about it. It changes nothing. */
export function doctorWith(deps: DoctorDeps): Command {
  return {
    usage: "doctor [--json]",
    does: "checks environment, versions, store, keys, queue; scopes, subscriptions, pixel and tokens of every shop",
    async run(args, context) {
      const { json } = flagsOf(args, { json: "boolean" });
      const checks = await examine(context, deps);
      const ok = checks.every((row) => row.ok);
      if (json === true) context.terminal.out(`${JSON.stringify({ ok, checks })}\n`);
      else for (const row of checks) context.terminal.out(`${row.ok ? "ok  " : "FAIL"}  ${row.check}: ${row.says}\n`);
      return ok ? 0 : 1;
    },
  };
}

/** The same on this machine and over the network. */
export const doctor: Command = doctorWith({
  fetch: (...asked) => fetch(...asked),
  nodeVersion: process.version,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
});

/** From the ground up: where something is wrong that all else stands on, the rest is not looked at. */
async function examine(context: CommandContext, deps: DoctorDeps): Promise<Row[]> {
  const env = environmentOf(context);
  if (typeof env === "string") return [wrong("environment", env)];
  const rows = [
    fine("environment", `database ${withoutPassword(env.DATABASE_URL)}, Meta ${env.META_GRAPH_VERSION}`),
    ...(await checkGround(env, context, deps)),
  ];
  const versions = await checkVersions({
    root: context.root,
    graphVersion: env.META_GRAPH_VERSION,
    nodeVersion: deps.nodeVersion,
    now: context.now(),
  });
  if (rows.some(({ name, ok }) => !ok && GROUND.has(name))) return [...rows, ...versions];
  // What is looked at is not brought up to date first.
  const asItIs = { ...context, env: { ...context.env, MIGRATE: "0" } };
  return [...rows, ...versions, ...(await withStore(asItIs, (open) => checkOpened(open, context, deps)))];
}

/** Without these nothing can be read. */
const GROUND: ReadonlySet<string> = new Set(["store", "schema"]);

/** Its variables, or in words what is wrong with them. */
function environmentOf({ env }: CommandContext): StoreEnv | string {
  try {
    const parsed = storeEnv(env);
    loadKeyring(parsed);
    return parsed;
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
}

function checkGround(env: StoreEnv, { root }: CommandContext, deps: DiskDeps): Promise<Row[]> {
  const place = { path: databaseAddress(env), root };
  return isPostgres(place.path) ? checkPostgres(place, env.MIGRATE) : checkSqlite(place, env.MIGRATE, deps);
}

interface Place {
  path: string;
  root: string;
}

async function checkSqlite(place: Place, migrates: boolean, deps: DiskDeps): Promise<Row[]> {
  const file = await checkFile(place.path, deps);
  if (file.some(({ name, ok }) => name === "store" && !ok)) return file;
  try {
    return [schemaRow((await pending(place)).length, migrates), ...file];
  } catch (error) {
    const words = `cannot be read (${wordsOf(error)}): is DATABASE_URL Tandem's database, and is it whole?`;
    return [wrong("schema", words), ...file];
  }
}

/** Where PostgreSQL keeps its files, and what room it has there, is its own server's business. */
async function checkPostgres(place: Place, migrates: boolean): Promise<Row[]> {
  const where = withoutPassword(place.path);
  try {
    const schema = schemaRow((await pending(place)).length, migrates);
    return [schema, fine("store", `PostgreSQL answers at ${where}`)];
  } catch (error) {
    const words = `${where} cannot be read (${wordsOf(error)})`;
    return [wrong("store", `${words}: is PostgreSQL running there, and do user and password in DATABASE_URL fit?`)];
  }
}

function schemaRow(missing: number, migrates: boolean): Row {
  if (missing === 0) return fine("schema", "up to date");
  const start = migrates ? "start the server, which applies them" : "start once with MIGRATE=1";
  return wrong("schema", `${counted(missing, "migration")} missing: ${start}`);
}

async function checkOpened(open: OpenStore, context: CommandContext, { fetch }: DoctorDeps): Promise<Row[]> {
  const { db, keyring, store, env } = open;
  const now = context.now();
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
  const file = await readAppFile(context.root);
  const alive = await store.serverAlive(open.leaseNow());
  const onPostgres = isPostgres(env.DATABASE_URL);
  return [
    await checkWriting(open, onPostgres),
    ...(await checkKeys({ db, keyring, registry })),
    ...(await checkShops({ ...open, registry, file, appUrl: appUrlOf(context) }, { fetch, now: context.now })),
    fine("server", serverWords(alive, onPostgres)),
    ...(await checkQueue({ db, registry }, { now, alive })),
    await checkRequests(db, now),
  ];
}

/** Of the processes on one PostgreSQL the one that leads is known of, and only such lead as deliver. */
function serverWords(alive: boolean, onPostgres: boolean): string {
  if (!onPostgres) return alive ? "running" : "not running on this database";
  return alive
    ? "at least one process that delivers is running on this database"
    : "no process that delivers is running on this database; one with ROLE=web would not show here";
}

async function checkWriting({ store }: OpenStore, onPostgres: boolean): Promise<Row> {
  try {
    await store.check();
    return fine("writing", "a transaction can be made");
  } catch (error) {
    const ask = onPostgres ? "is it a standby, out of connections, or out of room?" : "who else holds the database?";
    return wrong("writing", `no transaction can be made (${wordsOf(error)}): ${ask}`);
  }
}

/** The app's own origin as the server would take it. */
function appUrlOf({ env: { SHOPIFY_APP_URL, HOST } }: CommandContext): string | null {
  const url = SHOPIFY_APP_URL?.trim() || HOST;
  return url !== undefined && /^https?:/.test(url) && URL.canParse(url) ? url : null;
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/]*@/, "//").replace(/\?.*$/, "");
}

/** Where a name has several addresses, the failure to reach any has a code and no message. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
