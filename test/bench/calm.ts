import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** A fixed piece of work; posts how long it took, milliseconds. */
const WORK = `
  const { createHash } = require("node:crypto");
  const { parentPort } = require("node:worker_threads");
  const begun = performance.now();
  let text = "";
  for (let n = 0; n < 100_000; n += 1) text = createHash("sha256").update(text + n).digest("hex");
  parentPort.postMessage(performance.now() - begun);`;

/** What counts as calm: not slower than the best that was seen by more than this. */
const SLOWER = 1.2;
const LOOK_AGAIN_MS = 2_000;
const PATIENCE_MS = 60_000;

let best = Number.POSITIVE_INFINITY;

/**
 * Waits until all cores together are nearly as quick as they have been: a virtual machine shares them with others, and may
 * have half of what it had a minute ago without being told. Answers how many times as long as at best the work takes, once it
 * is calm or patience is out.
 */
export async function calm(): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const took = Math.max(...(await Promise.all(cpus().map(timed))));
    best = Math.min(best, took);
    if (took <= best * SLOWER || performance.now() > until) return took / best;
    await sleep(LOOK_AGAIN_MS);
  }
}

function timed(): Promise<number> {
  return new Promise((resolve, reject) => {
    new Worker(WORK, { eval: true, execArgv: [] }).once("message", resolve).once("error", reject);
  });
}
