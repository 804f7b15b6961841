import { databasePath, EnvError, storeEnv } from "../env.server";
import { openRegistry } from "../settings/registry.server";
import { loadKeyring } from "../store/keyring.server";
import { pending } from "../store/migrate.server";
import { type Command, type CommandContext, flagsOf } from "./command.server";
import { type OpenStore, withStore } from "./open-store.server";

interface Check {
  name: string;
  ok: boolean;
  says: string;
}

/** Looks at everything an operator would, and says what to do about it. */
export const doctor: Command = {
  usage: "doctor [--json]",
  does: "checks environment, store, keys, datasets and queue",
  async run(args, context) {
    const { json } = flagsOf(args, { json: "boolean" });
    const checks = await examine(context);
    if (json === true) context.terminal.out(`${JSON.stringify({ ok: checks.every(({ ok }) => ok), checks })}\n`);
    else for (const { name, ok, says } of checks) context.terminal.out(`${ok ? "ok  " : "FAIL"}  ${name}: ${says}\n`);
    return checks.every(({ ok }) => ok) ? 0 : 1;
  },
};

async function examine(context: CommandContext): Promise<Check[]> {
  const environment = checkEnvironment(context);
  if (environment.some(({ ok }) => !ok)) return environment;
  return withStore(context, async (open) => [
    ...environment,
    ...(await checkKeys(open)),
    await checkServer(open, context),
    await checkQueue(open, context),
  ]);
}

function checkEnvironment(context: CommandContext): Check[] {
  try {
    const env = storeEnv(context.env);
    loadKeyring(env);
    const waiting = env.MIGRATE ? [] : pending({ path: databasePath(env), root: context.root });
    return [
      { name: "environment", ok: true, says: `database ${env.DATABASE_URL}, Meta ${env.META_GRAPH_VERSION}` },
      {
        name: "schema",
        ok: waiting.length === 0,
        says:
          waiting.length === 0 ? "up to date" : `${waiting.length} migrations are missing; start once with MIGRATE=1`,
      },
    ];
  } catch (error) {
    if (error instanceof EnvError) return [{ name: "environment", ok: false, says: error.message }];
    throw error;
  }
}

/** Opens every shop's data key and token; a key that is missing shows here before an order meets it. */
async function checkKeys({ db, keyring, store }: OpenStore): Promise<Check[]> {
  try {
    const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
    const [unreadable] = registry.unreadable();
    if (unreadable !== undefined) throw unreadable;
    const datasets = [...registry.all()].flatMap((shop) =>
      shop.datasets.filter(({ disconnected }) => !disconnected).map((dataset) => ({ shop, dataset })),
    );
    const held = datasets.filter(({ dataset }) => dataset.heldReason !== null);
    return [
      { name: "keys", ok: true, says: "every sealed token opens" },
      {
        name: "datasets",
        ok: held.length === 0,
        says:
          held.length === 0
            ? `${datasets.length} connected, none on hold`
            : held
                .map(({ shop, dataset }) => `${shop.domain} ${dataset.dataset} is on hold: ${dataset.heldReason}`)
                .join("; "),
      },
    ];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ name: "keys", ok: false, says: `${detail}; add the old key to ENCRYPTION_KEYS_OLD` }];
  }
}

async function checkServer({ store }: OpenStore, { now }: CommandContext): Promise<Check> {
  const alive = await store.serverAlive(now());
  return { name: "server", ok: true, says: alive ? "running" : "not running on this database" };
}

const LATE_MS = 10 * 60_000;

async function checkQueue({ db }: OpenStore, { now }: CommandContext): Promise<Check> {
  const at = now();
  const [waiting, oldest] = await Promise.all([
    db.event.count({ where: { outcome: "waiting" } }),
    db.event.findFirst({ where: { outcome: "waiting", runAt: { lte: BigInt(at) } }, orderBy: { runAt: "asc" } }),
  ]);
  const age = oldest?.runAt === null || oldest === null ? 0 : at - Number(oldest.runAt);
  const late = age > LATE_MS;
  return {
    name: "queue",
    ok: !late,
    says: `${waiting} waiting${late ? `, the oldest due for ${Math.round(age / 60_000)} minutes: is the server running?` : ""}`,
  };
}
