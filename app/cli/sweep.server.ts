import { randomUUID } from "node:crypto";
import { connectedDatasets } from "../settings/registry.server";
import { MOST_DAYS, NIGHTLY_DAYS, spanOf } from "../sweep/span";
import { type Swept, sweepOrders } from "../sweep/sweep.server";
import { BadInput, type Command, flagsOf, shopFlag } from "./command.server";
import { mentionServer } from "./open-store.server";
import { type AskingDeps, OVER_THE_NETWORK, withShopOrders } from "./shop-orders.server";

/** Asks Shopify for a shop's orders now, as the server does each hour. */
export function sweepWith(asking: AskingDeps): Command {
  return {
    usage: "sweep --shop S [--days N] [--json]",
    does: "asks Shopify for the orders of the last days (7), and takes in what no webhook told of",
    async run(args, context) {
      const flags = flagsOf(args, { shop: "string", days: "string", json: "boolean" });
      const domain = shopFlag(flags.shop);
      const days = daysFlag(flags.days);
      return withShopOrders(domain, context, asking, async ({ shop, open, deps }) => {
        if (connectedDatasets(shop).length === 0) throw new BadInput("--shop", `${domain} has no dataset connected`);
        const swept = await sweepOrders(shop, spanOf(days, context.now()), randomUUID(), deps);
        if (swept === null) {
          context.terminal.err(`a sweep of ${domain} is under way; try again once it has ended`);
          return 1;
        }
        context.terminal.out(flags.json === true ? `${JSON.stringify(jsonOf(domain, swept))}\n` : lines(swept));
        if (swept.became.waiting !== undefined) await mentionServer(open, context);
        if (swept.fault !== null) context.terminal.err(`it did not get to its end: ${swept.fault}`);
        return swept.fault === null && swept.unreadable === 0 ? 0 : 1;
      });
    },
  };
}

export const sweep: Command = sweepWith(OVER_THE_NETWORK);

function daysFlag(value: string | undefined): number {
  if (value === undefined) return NIGHTLY_DAYS;
  const days = Number(value);
  if (/^\d{1,3}$/.test(value) && days >= 1 && days <= MOST_DAYS) return days;
  throw new BadInput("--days", `must be a whole number from 1 to ${MOST_DAYS}: Shopify tells of no older orders`);
}

function jsonOf(shop: string, { since, until, seen, missing, unreadable, became, fault }: Swept) {
  const span = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
  return { shop, ...span, orders: seen, missing, unreadable, became, fault };
}

function lines({ since, until, seen, missing, unreadable, became }: Swept): string {
  return [
    `created      ${new Date(since).toISOString()} to ${new Date(until).toISOString()}\n`,
    `orders       ${seen}\n`,
    `missing      ${missing}\n`,
    ...(unreadable === 0 ? [] : [`unreadable   ${unreadable}\n`]),
    ...Object.entries(became).map(([words, count]) => `  ${words}  ${count}\n`),
  ].join("");
}
