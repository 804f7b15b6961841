import type { Leg } from "~/events/catalog";
import { OUTCOMES } from "~/events/outcome";
import type { ReceivedCopy } from "../simulators/meta/server";
import type { ScriptedOrder } from "./day";
import { DATASET, type Stage } from "./stage";

export interface OrderLine {
  order: string;
  event_id: string | null;
  dataset: string;
  /** Recounted from the Meta stand-in's record. */
  legs: Leg[];
  /** Tandem's own word. */
  outcome: string;
  reason: string | null;
}

export interface CheckResult {
  orders: OrderLine[];
  counts: Record<string, number>;
  lost: number;
  double: number;
}

/** A scripted order with the digits Shopify gave it. */
export interface PlayedOrder {
  scripted: ScriptedOrder;
  order: string;
}

const LEGS = ["browser", "server"] as const;

/** Holds Tandem's own account against what Shopify sent and what Meta took. */
export async function recount(
  played: PlayedOrder[],
  { db, meta, shopify }: Pick<Stage, "db" | "meta" | "shopify">,
): Promise<{ result: CheckResult; faults: string[] }> {
  const rows = await db.event.findMany({ where: { name: "Purchase" } });
  const purchases = meta.received.filter(({ event_name }) => event_name === "Purchase");
  const browserCopies = meta.received.filter(({ leg }) => leg === "browser");
  const faults = browserCopies.flatMap(({ warnings, event_name }) => warnings.map((w) => `${event_name}: ${w}`));
  let lost = 0;
  let double = 0;
  const orders = played.map(({ scripted, order }): OrderLine => {
    const mine = rows.filter((row) => row.orderId === order || row.webhookId?.startsWith(`webhook-${order}-`));
    const copies = purchases.filter((copy) => sayingOf(copy).order === order);
    const byLeg = LEGS.map((leg) => ({ leg, copies: copies.filter((copy) => copy.leg === leg) }));
    const legs = byLeg.filter((one) => one.copies.length > 0).map(({ leg }) => leg);
    const [row] = mine;
    const outcome = row?.outcome ?? "missing";
    const unanswered = shopify.webhooks.filter((w) => w.order === order && w.answers.at(-1) !== 200);
    const accepted = outcome === "accepted";
    if (mine.length !== 1 || unanswered.length > 0 || (accepted && !legs.includes("server"))) lost += 1;
    const ids = new Set(copies.map(({ event_id }) => event_id));
    if (byLeg.some((one) => one.copies.length > 1) || ids.size > 1 || (!accepted && legs.length > 0)) double += 1;
    faults.push(...differences(scripted.story, copies));
    const { expected } = scripted;
    const ended = [outcome, row?.reason ?? null, legs.join("+")].join(" ");
    const wanted = [expected.outcome, expected.reason, expected.legs.join("+")].join(" ");
    if (ended !== wanted) faults.push(`${order} (${scripted.story}) should be ${wanted}, is ${ended}`);
    return { order, event_id: row?.eventId ?? null, dataset: DATASET, legs, outcome, reason: row?.reason ?? null };
  });
  const counts = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, orders.filter((line) => line.outcome === outcome).length]),
  );
  return {
    result: { orders, counts, lost, double },
    faults: [...faults, ...repeats(meta.received), ...strays(meta.received)],
  };
}

interface Saying {
  order: unknown;
  id: string | null;
  value: number;
  currency: unknown;
  contents: string;
}

/** What a copy says of its order, in one form for both legs. */
function sayingOf({ leg, body, event_id: id }: ReceivedCopy): Saying {
  const custom = (leg === "server" ? body.custom_data : null) as Record<string, unknown> | null;
  const read = (key: string) => (leg === "server" ? custom?.[key] : body[`cd[${key}]`]);
  const contents = read("content_ids");
  return {
    order: read("order_id"),
    id,
    value: Number(read("value")),
    currency: read("currency"),
    contents: typeof contents === "string" ? contents : JSON.stringify(contents),
  };
}

/** Both legs must name the same sum, currency, goods and id. */
function differences(story: string, copies: ReceivedCopy[]): string[] {
  const sayings = copies.map((copy) => JSON.stringify(sayingOf(copy)));
  return new Set(sayings).size > 1 ? [`${story}: the legs differ: ${sayings.join(" / ")}`] : [];
}

/** Every browser's copy has a server's under the same id: all server legs are on, and what left a browser had consent. */
function strays(received: ReceivedCopy[]): string[] {
  const key = ({ dataset, event_name, event_id }: ReceivedCopy) => `${event_name} ${event_id} (dataset ${dataset})`;
  const server = new Set(received.filter(({ leg }) => leg === "server").map(key));
  const alone = received.filter((copy) => copy.leg === "browser" && !server.has(key(copy)));
  return alone.map((copy) => `${key(copy)} left a browser and no server`);
}

/** Meta merges a browser's and a server's copy, never two of one leg. */
function repeats(received: ReceivedCopy[]): string[] {
  const seen = new Map<string, number>();
  for (const { leg, dataset, event_name, event_id } of received) {
    const key = `${event_name} ${event_id} of the ${leg} leg (dataset ${dataset})`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].flatMap(([key, times]) => (times > 1 ? [`${key} arrived ${times} times`] : []));
}
