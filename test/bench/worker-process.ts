import type { Role } from "~/env.server";
import { storeEnv } from "~/env.server";
import { openLog } from "~/log.server";
import { type Limits, openRuntime } from "~/runtime.server";
import { answering, settingsOf } from "./child";
import { receiveOrder } from "./load";

/** A server without its front: what it delivers, it delivers as in production. */

interface Settings {
  role: Role;
  /** Absent: those of production. */
  limits?: Limits;
}

const env = storeEnv();
const runtime = await openRuntime(env, {
  log: openLog(env.LOG_LEVEL),
  root: process.cwd(),
  appUrl: "https://tandem.example.com",
  // Shops that were connected by command have no session at Shopify.
  graphqlOf: () => Promise.reject(new Error("there is no Shopify here")),
  ...settingsOf<Settings>(),
});

const questions = {
  /** Microseconds of this process. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Takes an order of a shop in, as the front does; answers when it was committed, epoch milliseconds. */
  order: async ({ shop, number }: { shop: string; number: number }) => {
    const received = await receiveOrder(shop, number, runtime);
    const committedAt = Date.now();
    if (received.kind === "stored") runtime.scheduler.wake(received.leaving);
    return committedAt;
  },
  stop: () => runtime.close(),
};

export type WorkerQuestions = typeof questions;

answering(questions);
