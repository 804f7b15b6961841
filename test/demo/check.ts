import { mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OUTCOMES } from "~/events/outcome";
import { bodyOf, orderId, type ScriptedOrder, type Step, scriptedDay } from "./day";
import { DATASET, type Stage, sendBeacon, setStage } from "./stage";

const CLOCK = "2026-11-20T10:00:00Z";
const DATABASE = "data/demo.sqlite";

export interface OrderLine {
  order: string;
  event_id: string | null;
  dataset: string;
  /** Recounted from the Meta stand-in's record. */
  legs: ("browser" | "server")[];
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

/** Plays the scripted day and recounts it from what the stand-ins recorded. `tell`: progress for a person. */
export async function check(
  portBase: number,
  tell: (words: string) => void,
): Promise<{ result: CheckResult; faults: string[]; day: ScriptedOrder[] }> {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(DATABASE + suffix, { force: true });
  mkdirSync("data", { recursive: true });
  tell("starting the app, Shopify and Meta");
  const stage = await setStage({ portBase, database: DATABASE, holdSeconds: 3, clock: CLOCK });
  try {
    const day = scriptedDay("2026-11-20T09:55:00Z");
    tell(`sending ${day.length} orders, some of them while Meta is down`);
    for (const scripted of day) if (!scripted.duringOutage) await play(scripted, stage);
    await settled(stage, 20_000);
    // Meta takes nothing: first it answers 500, then not at all.
    stage.meta.weather.script([
      { kind: "status", status: 500, count: 1 },
      { kind: "timeout", ms: 12_000, count: 1 },
    ]);
    for (const scripted of day) if (scripted.duringOutage) await play(scripted, stage);
    tell("waiting for the outage to pass and the queue to drain");
    await settled(stage, 45_000);
    const { result, faults } = await recount(day, stage);
    if (stage.meta.weather.forecast().length > 0) faults.push("the outage never struck");
    return { result, faults, day };
  } finally {
    await stage.close();
  }
}

async function play(scripted: ScriptedOrder, stage: Stage): Promise<void> {
  for (const [index, step] of scripted.steps.entries()) await take(step, index, scripted, stage);
}

async function take(step: Step, index: number, scripted: ScriptedOrder, stage: Stage): Promise<void> {
  const order = orderId(scripted);
  if (step.kind === "beacon") {
    const checkoutToken = scripted.options.checkoutToken ?? "";
    const { marketing, saleOfData = true } = step;
    const status = await sendBeacon(stage, { checkoutToken, marketing, saleOfData });
    if (status !== 204) throw new Error(`a beacon was answered ${status}`);
    return;
  }
  const webhook = { topic: step.topic, id: `webhook-${order}-${index}`, order, body: bodyOf(scripted, step.over) };
  await Promise.all(Array.from({ length: step.copies ?? 1 }, () => stage.shopify.deliver(webhook)));
}

/** Waits until no event is waiting any more. */
async function settled({ db }: Stage, patience: number): Promise<void> {
  for (let waited = 0; waited < patience; waited += 200) {
    if ((await db.event.count({ where: { outcome: "waiting" } })) === 0) return;
    await sleep(200);
  }
}

/** Holds Tandem's own account against what Shopify sent and what Meta took. */
async function recount(day: ScriptedOrder[], stage: Stage): Promise<{ result: CheckResult; faults: string[] }> {
  const rows = await stage.db.event.findMany();
  const faults: string[] = [];
  let lost = 0;
  let double = 0;
  const orders = day.map((scripted): OrderLine => {
    const order = orderId(scripted);
    const mine = rows.filter((row) => row.orderId === order || row.webhookId?.startsWith(`webhook-${order}-`));
    const copies = stage.meta.received.filter(({ body }) => orderOf(body) === order);
    const legs = (["browser", "server"] as const).filter((leg) => copies.some((copy) => copy.leg === leg));
    const server = copies.filter(({ leg }) => leg === "server").length;
    const [row] = mine;
    const outcome = row?.outcome ?? "missing";
    const unanswered = stage.shopify.webhooks.filter((w) => w.order === order && w.answers.at(-1) !== 200);
    if (mine.length !== 1 || unanswered.length > 0 || (outcome === "accepted" && server === 0)) lost += 1;
    if (server > 1 || (outcome !== "accepted" && server > 0)) double += 1;
    const { expected } = scripted;
    if (outcome !== expected.outcome || (row?.reason ?? null) !== expected.reason) {
      faults.push(`${scripted.number} should be ${expected.outcome} ${expected.reason ?? ""}`.trim());
    }
    return {
      order,
      event_id: row?.eventId ?? null,
      dataset: DATASET,
      legs,
      outcome,
      reason: row?.reason ?? null,
    };
  });
  const counts = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, orders.filter((line) => line.outcome === outcome).length]),
  );
  return { result: { orders, counts, lost, double }, faults };
}

function orderOf(body: unknown): unknown {
  const custom = (body as { custom_data?: { order_id?: unknown } }).custom_data;
  return custom?.order_id;
}
