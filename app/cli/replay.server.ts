import {
  BYTES,
  LEAVING,
  OBSTACLES,
  REPLAYED_OUTCOMES,
  REPLAYED_PER_MINUTE,
  type ReplayedOutcome,
} from "../outbox/replay";
import { type Replayed, replay as replayEnded } from "../outbox/replay.server";
import { forecasts, NOT_ASKED } from "../pipeline/forecast.server";
import { openRegistry } from "../settings/registry.server";
import { BadInput, type Command, type ExitCode, flagsOf, instantFlag, shopFlag } from "./command.server";
import { mentionServer, type OpenStore, withStore } from "./open-store.server";

/** Brings back what ended without reaching Meta; the server sends it. */
export const replay: Command = {
  usage:
    "replay --shop S [--dataset D] [--event NAME] [--outcome rejected|dead|expired] [--since ISO] [--until ISO]\n" +
    "       [--id EVENT_ID] [--reason REASON] [--dry-run] [--json]",
  does: `lets events that were rejected or given up leave once more, ${REPLAYED_PER_MINUTE.toLocaleString("en")} a minute, and says which cannot, and why`,
  async run(args, context) {
    const flags = flagsOf(args, {
      shop: "string",
      dataset: "string",
      event: "string",
      outcome: "string",
      since: "string",
      until: "string",
      id: "string",
      reason: "string",
      "dry-run": "boolean",
      json: "boolean",
    });
    const shop = shopFlag(flags.shop);
    const outcomes = outcomesFlag(flags.outcome);
    const since = instantFlag(flags.since, "--since");
    const until = instantFlag(flags.until, "--until");
    if (since !== null && until !== null && until < since) throw new BadInput("--until", "must not be before --since");
    const dryRun = flags["dry-run"] === true;

    return withStore<ExitCode>(context, async (open) => {
      const { shopId, datasetId } = await found(shop, flags.dataset, open);
      const { store, db, keyring } = open;
      const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
      const known = registry.shop(shop);
      if (known === undefined) throw new BadInput("--shop", `${shop} is not connected; see: shop list`);
      const now = context.now();
      const named = { rowId: null, name: flags.event ?? null, eventId: flags.id ?? null, reason: flags.reason ?? null };
      const replayed = await replayEnded(
        { shopId, datasetId, outcomes, ...named, since, until },
        { store, now, dryRun, foresee: (rows) => forecasts(rows, known, { store, lookups: NOT_ASKED, now }) },
      );
      if (flags.id !== undefined && replayed.matched === 0) {
        throw new BadInput("--id", `no event ${flags.id} of ${shop} ended as ${outcomes.join(" or ")}`);
      }
      context.terminal.out(
        flags.json === true ? `${JSON.stringify(jsonOf(replayed, dryRun))}\n` : lines(replayed, dryRun),
      );
      if (dryRun) context.terminal.err("nothing was changed: this was a dry run");
      else if (replayed.replayed > 0) await mentionServer(open, context);
      return 0;
    });
  },
};

function jsonOf({ matched, replayed, obstacles, leaving, bytes }: Replayed, dryRun: boolean) {
  const result = { dry_run: dryRun, matched, replayed, not_replayed: obstacles };
  return dryRun ? { ...result, forecast: leaving, bytes } : result;
}

/** Of a dry run, what will become of those that leave, too. */
function lines({ replayed, obstacles, leaving, bytes }: Replayed, dryRun: boolean): string {
  return [
    `replayed  ${replayed}\n`,
    ...(dryRun ? [...counts("of them", leaving, LEAVING), ...counts("of them", bytes, BYTES)] : []),
    ...counts("not replayed", obstacles, OBSTACLES),
  ].join("");
}

function counts<Name extends string>(
  head: string,
  counted: Partial<Record<Name, number>>,
  words: Readonly<Record<Name, string>>,
): string[] {
  return (Object.keys(counted) as Name[]).map((name) => `${head}  ${counted[name]}  ${name}: ${words[name]}\n`);
}

async function found(
  domain: string,
  dataset: string | undefined,
  { db }: OpenStore,
): Promise<{ shopId: number; datasetId: number | null }> {
  const shop = await db.shop.findUnique({ where: { domain }, select: { id: true, datasets: true } });
  if (shop === null) throw new BadInput("--shop", `${domain} is not connected; see: shop list`);
  if (dataset === undefined) return { shopId: shop.id, datasetId: null };
  const row = shop.datasets.find((one) => one.dataset === dataset.trim());
  if (row === undefined) throw new BadInput("--dataset", `${dataset} is not connected to ${domain}`);
  return { shopId: shop.id, datasetId: row.id };
}

/** What expired is only looked at when it is asked for: none of it can be brought back. */
function outcomesFlag(value: string | undefined): readonly ReplayedOutcome[] {
  if (value === undefined) return ["rejected", "dead"];
  const outcome = REPLAYED_OUTCOMES.find((one) => one === value);
  if (outcome === undefined) throw new BadInput("--outcome", `must be one of ${REPLAYED_OUTCOMES.join(", ")}`);
  return [outcome];
}
