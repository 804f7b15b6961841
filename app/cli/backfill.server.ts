import { counted } from "../counted";
import { REASONS } from "../events/outcome";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import { type Backfilled, backfillOrders } from "../sweep/backfill.server";
import type { Unsendable } from "../sweep/prospects";
import { MOST_DAYS, type Span, spanOf } from "../sweep/span";
import { BadInput, type Command, flagsOf, instantFlag, required, shopFlag } from "./command.server";
import { mentionServer } from "./open-store.server";
import { type AskingDeps, OVER_THE_NETWORK, withShopOrders } from "./shop-orders.server";

/** Sends orders that were placed before a dataset was connected, if a person says so. */
export function backfillWith(asking: AskingDeps): Command {
  return {
    usage: "backfill --shop S --dataset D --since ISO --until ISO [--dry-run] [--yes] [--json]",
    does: "says which orders from before the dataset was connected can still be sent, and sends them with --yes",
    async run(args, context) {
      const flags = flagsOf(args, {
        shop: "string",
        dataset: "string",
        since: "string",
        until: "string",
        "dry-run": "boolean",
        yes: "boolean",
        json: "boolean",
      });
      const domain = shopFlag(flags.shop);
      const wanted = required(flags.dataset, "--dataset");
      const span = spanFlags(flags.since, flags.until, context.now());
      const dryRun = flags["dry-run"] === true;
      if (dryRun && flags.yes === true) throw new BadInput("--yes", "does not go with --dry-run");
      return withShopOrders(domain, context, asking, async ({ shop, open, deps }) => {
        const dataset = datasetOf(wanted, shop);
        const send = flags.yes === true;
        const result = await backfillOrders({ shop, dataset, span, send }, deps);
        const { out, err } = context.terminal;
        out(flags.json === true ? `${JSON.stringify(jsonOf(result, send))}\n` : lines(result));
        if (send) {
          if (result.became.waiting !== undefined) await mentionServer(open, context);
          return 0;
        }
        if (result.sendable > 0) err(riskOf(result.sendable, dryRun));
        if (dryRun) err("nothing was changed: this was a dry run");
        return dryRun || result.sendable === 0 ? 0 : 1;
      });
    },
  };
}

export const backfill: Command = backfillWith(OVER_THE_NETWORK);

function spanFlags(since: string | undefined, until: string | undefined, now: number): Span {
  const from = instantFlag(required(since, "--since"), "--since");
  const to = instantFlag(required(until, "--until"), "--until");
  if (from === null || to === null) throw new Error("an instant that is required is not there");
  if (to <= from) throw new BadInput("--until", "must be after --since");
  const told = spanOf(MOST_DAYS, now);
  if (to <= told.since)
    throw new BadInput("--until", `lies more than ${MOST_DAYS} days back: Shopify tells of no such order`);
  return { since: from, until: Math.min(to, told.until) };
}

function datasetOf(wanted: string, shop: Shop): Dataset {
  const found = connectedDatasets(shop).find(({ dataset }) => dataset === wanted);
  if (found === undefined) throw new BadInput("--dataset", `${wanted} is not connected to ${shop.domain}`);
  return found;
}

/** https://developers.facebook.com/documentation/ads-commerce/conversions-api/deduplicate-pixel-and-server-events */
function riskOf(sendable: number, dryRun: boolean): string {
  return [
    `Whatever told Meta of this shop's orders before (another app, Shopify's own channel, a pixel in the theme, an earlier`,
    `installation of Tandem whose data was erased) may have told of these as well. Meta merges two copies only where both bear the same event id and come within 48 hours, and others' ids are`,
    `not Tandem's: each order that Meta has already would be counted twice, and nothing takes that back.`,
    `Consent is decided for each order when it is sent: fewer may leave.`,
    dryRun
      ? `--yes would send ${counted(sendable, "order")}.`
      : `Nothing was sent. To send ${counted(sendable, "order")}, add --yes.`,
  ].join("\n");
}

function jsonOf({ orders, settled, sendable, unsendable, became }: Backfilled, sent: boolean) {
  return { orders, settled, sendable, not_sendable: unsendable, sent: sent ? (became.waiting ?? 0) : 0, became };
}

function lines({ orders, settled, sendable, unsendable, became }: Backfilled): string {
  const stood = Object.entries(unsendable) as [Unsendable, number][];
  return [
    `orders       ${orders}\n`,
    `settled      ${settled}\n`,
    `sendable     ${sendable}\n`,
    ...stood.map(([reason, count]) => `not sendable ${count}  ${reason}: ${REASONS[reason].says}\n`),
    ...Object.entries(became).map(([words, count]) => `  ${words}  ${count}\n`),
  ].join("");
}
