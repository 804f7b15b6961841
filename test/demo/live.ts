import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { shopperOrders, webhookOrders } from "./day";
import { watchPixel } from "./pixel-watch";
import { announce, shop } from "./play";
import { type Stage, setStage } from "./stage";

const DATABASE = "data/demo-live.sqlite";
const SHOPPER_PAUSE_MS = 4_000;
const WEBHOOK_PAUSE_MS = 9_000;

interface Options {
  portBase: number;
  /** Runs the app's sources with hot reload. */
  dev: boolean;
  tell: (words: string) => void;
  stopped: Promise<void>;
}

/** Shoppers come and go, and other orders beside them, until `stopped` resolves. */
export async function live({ portBase, dev, tell, stopped }: Options): Promise<void> {
  mkdirSync("data", { recursive: true });
  const opening = setStage({ portBase, database: DATABASE, holdSeconds: 5, dev });
  const stage = await Promise.race([opening, stopped]);
  // Stopped while it was being set: it is taken down as soon as it stands.
  if (!stage) return void (await opening.then(({ close }) => close()));
  tell(`the shop   ${stage.shopify.origin}/   buy something yourself`);
  tell(`its admin  ${stage.shopify.adminUrl}   Tandem's pages: switch an event and see it act`);
  tell(`Meta       ${stage.meta.origin}/   what arrives, both legs side by side`);
  tell(`Shopify    ${stage.shopify.origin}/record   every webhook and every answer`);
  tell("shoppers come every few seconds; Ctrl-C ends it all");
  const pixel = dev ? watchPixel(tell) : null;
  try {
    await Promise.race([stopped, Promise.all([shoppers(stage, tell), otherOrders(stage, tell)])]);
  } finally {
    pixel?.close();
    await stage.close();
  }
}

async function shoppers(stage: Stage, tell: (words: string) => void): Promise<never> {
  for (;;) {
    for (const scripted of shopperOrders()) {
      await unlessStopped(tell, scripted.story, () => shop(scripted, stage));
      await sleep(SHOPPER_PAUSE_MS);
    }
  }
}

async function otherOrders(stage: Stage, tell: (words: string) => void): Promise<never> {
  for (;;) {
    for (const scripted of webhookOrders(stage.now(), new Date(stage.now()).toISOString())) {
      await unlessStopped(tell, scripted.story, () => announce(scripted, stage));
      await sleep(WEBHOOK_PAUSE_MS);
    }
  }
}

/** One story that goes wrong does not end the day. */
async function unlessStopped(
  tell: (words: string) => void,
  story: string,
  play: () => Promise<unknown>,
): Promise<void> {
  const at = new Date().toISOString().slice(11, 19);
  try {
    await play();
    tell(`${at}  ${story}`);
  } catch (error) {
    tell(`${at}  ${story}: ${error instanceof Error ? error.message : error}`);
  }
}
