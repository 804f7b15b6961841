import { mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { coverageFaults } from "./coverage";
import { isShopperOrder, type ScriptedOrder, scriptedDay } from "./day";
import { announce, shop } from "./play";
import { type CheckResult, type PlayedOrder, recount } from "./recount";
import { SHOP, type Stage, setStage } from "./stage";

const CONNECTED_AT = "2026-11-01T00:00:00Z";
const CLOCK = "2026-11-20T10:00:00Z";
const DATABASE = "data/demo.sqlite";

/** So many shop at once. */
const CROWD = 4;

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
    tell(`placing ${day.length} orders, some of them while Meta is down`);
    const calm = await playAll(
      day.filter(({ duringOutage }) => !duringOutage),
      stage,
    );
    await settled(stage, 20_000);
    // Meta's API takes nothing: first it answers 500, then not at all.
    stage.meta.weather.script([
      { kind: "status", status: 500, count: 1 },
      { kind: "timeout", ms: 12_000, count: 1 },
    ]);
    const stormy = await playAll(
      day.filter(({ duringOutage }) => duringOutage),
      stage,
    );
    tell("waiting for the outage to pass and the queue to drain");
    await settled(stage, 45_000);
    tell("asking Shopify for the orders whose webhook never came");
    // The shop has had Tandem for some weeks.
    await stage.db.dataset.updateMany({ data: { connectedAt: BigInt(Date.parse(CONNECTED_AT)) } });
    const { missing } = JSON.parse(await stage.command("sweep", "--shop", SHOP, "--days", "14", "--json"));
    await settled(stage, 20_000);
    const played = [...calm, ...stormy];
    const { result, faults } = await recount(played, stage);
    const missed = day.filter((scripted) => "missedHours" in scripted).length;
    if (missing !== missed) faults.push(`the sweep found ${missing} orders, of ${missed} that it should`);
    faults.push(...(await ledgerFaults(result, stage)), ...(await coverageFaults(stage)));
    if (stage.meta.weather.forecast().length > 0) faults.push("the outage never struck");
    return { result, faults, day: played.map(({ scripted }) => scripted) };
  } finally {
    await stage.close();
  }
}

async function playAll(orders: ScriptedOrder[], stage: Stage): Promise<PlayedOrder[]> {
  const played: PlayedOrder[] = [];
  const queue = orders.entries();
  await Promise.all(
    Array.from({ length: CROWD }, async () => {
      for (const [position, scripted] of queue) {
        const order = isShopperOrder(scripted) ? (await shop(scripted, stage)).id : await announce(scripted, stage);
        played[position] = { scripted, order };
      }
    }),
  );
  return played;
}

/** Waits until no event is waiting any more, but for those that a checkout webhook only guessed. */
async function settled({ db }: Stage, patience: number): Promise<void> {
  const waiting = { outcome: "waiting", OR: [{ hold: null }, { hold: { not: "checkout" } }] };
  for (let waited = 0; waited < patience; waited += 200) {
    const untold = { current: true, outcome: "waiting" };
    const left = (await db.event.count({ where: waiting })) + (await db.ledgerLine.count({ where: untold }));
    if (left === 0) return;
    await sleep(200);
  }
}

/** Holds the ledger against the recount: one last word on each order, the same as everybody's, in a chain that holds. */
async function ledgerFaults({ orders }: CheckResult, stage: Stage): Promise<string[]> {
  const faults: string[] = [];
  const words = await stage.db.ledgerLine.findMany({ where: { current: true } });
  for (const { order, outcome, reason } of orders) {
    const said = words.filter((line) => line.order === order).map((line) => `${line.outcome} ${line.reason}`);
    if (said.join() !== `${outcome} ${reason}`) faults.push(`the ledger says of ${order}: ${said.join() || "nothing"}`);
  }
  if (words.length !== orders.length) faults.push(`the ledger tells of ${words.length} orders`);
  const [verified] = JSON.parse(await stage.command("ledger", "verify", "--shop", SHOP, "--json"));
  if (verified.broken !== null) faults.push(`the ledger does not hold: ${JSON.stringify(verified)}`);
  return faults;
}
