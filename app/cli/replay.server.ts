import { counted } from "../counted";
import {
  BYTES,
  LEAVING,
  OBSTACLES,
  type Obstacle,
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
    "       [--id EVENT_ID] [--reason REASON] [--doubling] [--dry-run] [--yes] [--json]",
  does: `says what would become of events that were rejected or given up, and with --yes lets them leave once more, ${REPLAYED_PER_MINUTE.toLocaleString("en")} a minute; what may be counted twice stays without --doubling`,
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
      doubling: "boolean",
      "dry-run": "boolean",
      yes: "boolean",
      json: "boolean",
    });
    const shop = shopFlag(flags.shop);
    const outcomes = outcomesFlag(flags.outcome);
    const since = instantFlag(flags.since, "--since");
    const until = instantFlag(flags.until, "--until");
    if (since !== null && until !== null && until < since) throw new BadInput("--until", "must not be before --since");
    const dryRun = flags["dry-run"] === true;
    const send = flags.yes === true;
    const doubling = flags.doubling === true;
    if (dryRun && send) throw new BadInput("--yes", "does not go with --dry-run");

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
        {
          store,
          now,
          dryRun: !send,
          doubling,
          foresee: (rows) => forecasts(rows, known, { store, lookups: NOT_ASKED, now }),
        },
      );
      if (flags.id !== undefined && replayed.matched === 0) {
        throw new BadInput("--id", `no event ${flags.id} of ${shop} ended as ${outcomes.join(" or ")}`);
      }
      context.terminal.out(
        flags.json === true ? `${JSON.stringify(jsonOf(replayed, send, doubling))}\n` : lines(replayed, send, doubling),
      );
      if (send) {
        if (replayed.replayed > 0) await mentionServer(open, context);
        return 0;
      }
      if (dryRun || replayed.replayed === 0) {
        context.terminal.err("nothing was changed: this was a dry run");
        return 0;
      }
      context.terminal.err(`nothing left: to let ${counted(replayed.replayed, "event")} leave, add --yes`);
      return 1;
    });
  },
};

function jsonOf(result: Replayed, sent: boolean, doubling: boolean) {
  const { matched, replayed, leaving, bytes } = result;
  const told = { dry_run: !sent, matched, replayed, not_replayed: stayingOf(result, doubling) };
  return sent ? told : { ...told, forecast: leaving, bytes };
}

/** What stays, by what keeps it: of what could leave, only what nobody said yes to. */
function stayingOf({ obstacles, leaving }: Replayed, doubling: boolean): Partial<Record<Staying, number>> {
  const unasked = doubling ? 0 : (leaving.may_double ?? 0);
  return unasked === 0 ? obstacles : { ...obstacles, may_double: unasked };
}

type Staying = Obstacle | "may_double";

const STAYING: Readonly<Record<Staying, string>> = {
  ...OBSTACLES,
  may_double: `${LEAVING.may_double}; --doubling lets them leave`,
};

/** Before anything leaves, what will become of it, too. */
function lines(result: Replayed, sent: boolean, doubling: boolean): string {
  const { may_double: _, ...single } = result.leaving;
  const leaving = doubling ? result.leaving : single;
  return [
    `${sent ? "replayed" : "would leave"}  ${result.replayed}\n`,
    ...(sent ? [] : [...counts("of them", leaving, LEAVING), ...counts("of them", result.bytes, BYTES)]),
    ...counts("not replayed", stayingOf(result, doubling), STAYING),
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
