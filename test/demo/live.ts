import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { bodyOf, orderId, type ScriptedOrder, scriptedDay } from "./day";
import { sendBeacon, setStage } from "./stage";

const DATABASE = "data/demo-live.sqlite";
const PAUSE_MS = 2_500;

/** Orders keep coming until `stopped` resolves. */
export async function live(portBase: number, tell: (words: string) => void, stopped: Promise<void>): Promise<void> {
  mkdirSync("data", { recursive: true });
  const stage = await setStage({ portBase, database: DATABASE, holdSeconds: 5 });
  let running = true;
  void stopped.then(() => {
    running = false;
  });
  tell(`app      ${stage.app.url}`);
  tell(`Shopify  ${stage.shopify.origin}/record   every webhook and its answers`);
  tell(`Meta     ${stage.meta.origin}   watch the events arrive`);
  tell("orders come every few seconds; Ctrl-C ends it all");
  try {
    while (running) {
      const orders = scriptedDay(new Date().toISOString());
      for (const scripted of orders) {
        if (!running) break;
        await place(fresh(scripted), stage);
        tell(`${new Date().toISOString().slice(11, 19)}  ${scripted.story}`);
        await Promise.race([sleep(PAUSE_MS), stopped]);
      }
    }
  } finally {
    await stage.close();
  }
}

/** The same story with ids of its own. */
function fresh(scripted: ScriptedOrder): ScriptedOrder {
  const id = Date.now();
  const token = scripted.options.checkoutToken === null ? null : id.toString(16).padStart(32, "0");
  return { ...scripted, options: { ...scripted.options, id, checkoutToken: token, at: new Date().toISOString() } };
}

async function place(scripted: ScriptedOrder, stage: Awaited<ReturnType<typeof setStage>>): Promise<void> {
  const order = orderId(scripted);
  for (const [index, step] of scripted.steps.entries()) {
    if (step.kind === "beacon") {
      const { marketing, saleOfData = true } = step;
      await sendBeacon(stage, { checkoutToken: scripted.options.checkoutToken ?? "", marketing, saleOfData });
    } else {
      const body = bodyOf(scripted, step.over);
      await stage.shopify.deliver({ topic: step.topic, id: `webhook-${order}-${index}`, order, body });
    }
  }
}
