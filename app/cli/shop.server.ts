import type { z } from "zod";
import { endingFor } from "../events/outcome";
import { openLog } from "../log.server";
import { keptFor } from "../outbox/retention";
import { endEach } from "../pipeline/delivering.server";
import { connect } from "../settings/connect.server";
import {
  datasetNumber,
  holdSeconds as holdSecondsField,
  metaToken,
  testCode as testCodeField,
} from "../settings/dataset-fields";
import { openRegistry } from "../settings/registry.server";
import {
  BadInput,
  type Command,
  type CommandContext,
  type ExitCode,
  flagsOf,
  readAll,
  required,
  shopFlag,
} from "./command.server";
import { mentionServer, type OpenStore, withStore } from "./open-store.server";

/** Connects, lists and disconnects shops and their datasets, without Shopify. */
export const shop: Command = {
  usage:
    "shop connect --shop S --dataset D --token-stdin [--test-code T] [--hold-seconds N] [--country CC]\n" +
    "shop list [--json]\n" +
    "shop disconnect --shop S [--dataset D]",
  does: "connects shops to Meta datasets; the token is read from standard input",
  async run([verb, ...args], context) {
    switch (verb) {
      case "connect":
        return connectShop(args, context);
      case "list":
        return listShops(args, context);
      case "disconnect":
        return disconnectShop(args, context);
      default:
        throw new BadInput("shop", "must be followed by connect, list or disconnect");
    }
  },
};

async function connectShop(args: string[], context: CommandContext): Promise<ExitCode> {
  const flags = flagsOf(args, {
    shop: "string",
    dataset: "string",
    "token-stdin": "boolean",
    "test-code": "string",
    "hold-seconds": "string",
    country: "string",
  });
  const domain = shopFlag(flags.shop);
  const dataset = datasetFlag(flags.dataset);
  const holdSeconds = holdFlag(flags["hold-seconds"]);
  if (flags["token-stdin"] !== true) {
    throw new BadInput(
      "--token-stdin",
      "is required: the token is piped in, so that it stays out of the shell's history",
    );
  }
  const piped = (await readAll(context.terminal.stdin)).trim();
  if (piped === "") throw new BadInput("token", "must be piped into standard input");
  const token = checked(metaToken, piped, "token");
  // Given but empty, it takes the test code away.
  const testCode = flags["test-code"] === undefined ? null : checked(testCodeField, flags["test-code"], "--test-code");
  const country = countryFlag(flags.country);

  return withStore<ExitCode>(context, async (open) => {
    await connect(
      open.store,
      open.keyring,
      { shop: domain, dataset, token, testCode, holdSeconds, country },
      context.now(),
    );
    context.terminal.err(`${domain} is connected to dataset ${dataset}`);
    await mentionServer(open, context);
    return 0;
  });
}

async function listShops(args: string[], context: CommandContext): Promise<ExitCode> {
  const { json } = flagsOf(args, { json: "boolean" });
  return withStore<ExitCode>(context, async ({ db, keyring, store }) => {
    const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
    for (const { message } of registry.unreadable()) context.terminal.err(message);
    const shops = [...registry.all()].map((one) => ({
      shop: one.domain,
      beacon_key: one.beaconKey,
      datasets: one.datasets
        .filter(({ disconnected }) => !disconnected)
        .map((dataset) => ({
          dataset: dataset.dataset,
          connected_at: new Date(dataset.connectedAt).toISOString(),
          hold_seconds: dataset.holdSeconds,
          test_code: dataset.testCode,
          state: dataset.heldReason === null ? "ok" : "held",
        })),
    }));
    if (json === true) context.terminal.out(`${JSON.stringify(shops)}\n`);
    else for (const one of shops) context.terminal.out(lines(one));
    return registry.unreadable().length === 0 ? 0 : 1;
  });
}

function lines(one: { shop: string; datasets: { dataset: string; state: string; hold_seconds: number }[] }): string {
  if (one.datasets.length === 0) return `${one.shop}  no dataset\n`;
  return one.datasets
    .map(({ dataset, state, hold_seconds }) => `${one.shop}  ${dataset}  ${state}  holds ${hold_seconds} s\n`)
    .join("");
}

async function disconnectShop(args: string[], context: CommandContext): Promise<ExitCode> {
  const flags = flagsOf(args, { shop: "string", dataset: "string" });
  const domain = shopFlag(flags.shop);
  const dataset = flags.dataset === undefined ? null : datasetFlag(flags.dataset);
  return withStore<ExitCode>(context, async (open) => {
    const row = await open.db.shop.findUnique({ where: { domain } });
    if (row === null) throw new BadInput("--shop", `${domain} is not connected; see: shop list`);
    const gone = await open.store.disconnectDatasets(row.id, dataset, context.now());
    await endWaiting(row.id, open, context);
    if (gone === 0 && dataset !== null) throw new BadInput("--dataset", `${dataset} is not connected to ${domain}`);
    context.terminal.err(`${domain}: ${gone} dataset${gone === 1 ? "" : "s"} disconnected; what waited is withheld`);
    await mentionServer(open, context);
    return 0;
  });
}

/** A running server would do the same at its next look; leases keep the two apart. */
async function endWaiting(
  shopId: number,
  { store, db, keyring, leaseNow }: OpenStore,
  { now }: CommandContext,
): Promise<void> {
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
  const shop = registry.shopById(shopId);
  if (shop === undefined) return;
  const deps = {
    store,
    log: openLog("silent"),
    now,
    leaseNow,
    keptContextMs: keptFor("context"),
    stopping: () => false,
  };
  for (const dataset of shop.datasets.filter(({ disconnected }) => disconnected)) {
    await store.reclaim(dataset.id, leaseNow(), now());
    await endEach({ shop, dataset }, store.claimWaiting, () => endingFor("disconnected"), deps);
  }
}

function datasetFlag(value: string | undefined): string {
  return checked(datasetNumber, required(value, "--dataset"), "--dataset");
}

function countryFlag(value: string | undefined): string | null {
  if (value === undefined) return null;
  const country = value.trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(country))
    throw new BadInput("--country", "must be the shop's country in two letters, such as US");
  return country;
}

function holdFlag(value: string | undefined): number | null {
  return value === undefined ? null : checked(holdSecondsField, value, "--hold-seconds");
}

function checked<T>(field: z.ZodType<T>, value: string, name: string): T {
  const result = field.safeParse(value);
  if (result.success) return result.data;
  throw new BadInput(name, result.error.issues[0]?.message ?? "is not valid");
}
