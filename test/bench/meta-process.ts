import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answering, settingsOf } from "./child";

/**
 * A Meta that takes everything and counts each event id once: the simulator's checks cost more than what is measured.
 * It listens on a port of its own; the first part of a path is the sender's name: /worker-1/v25.0/<dataset>/events.
 */

interface Settings {
  /** From the whole request to the answer, milliseconds. */
  latencyMs: number;
}

export interface Taken {
  /** Each event once. */
  events: number;
  /** Those that came again. */
  twice: number;
}

const { latencyMs } = settingsOf<Settings>();
/** By dataset and event id: when it came first, epoch milliseconds. */
const taken = new Map<string, number>();
let twice = 0;
const inFlight = new Map<string, number>();

/** In a text inside a text its quotes would be escaped. */
const EVENT_ID = /"event_id":"([^"]+)"/g;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, sender = "", , dataset = ""] = (request.url ?? "").split("/");
  inFlight.set(sender, (inFlight.get(sender) ?? 0) + 1);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const ids = [...Buffer.concat(chunks).toString("latin1").matchAll(EVENT_ID)].map(([, id = ""]) => id);
    take(dataset, ids);
    await sleep(latencyMs);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ events_received: ids.length, messages: [], fbtrace_id: "bench" }));
  } finally {
    inFlight.set(sender, (inFlight.get(sender) ?? 0) - 1);
  }
}

/** What has arrived is taken, whether or not its sender lives to hear of it. */
function take(dataset: string, ids: readonly string[]): void {
  const at = Date.now();
  for (const id of ids) {
    const key = `${dataset} ${id}`;
    if (taken.has(key)) twice += 1;
    else taken.set(key, at);
  }
}

const questions = {
  origin: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  taken: (): Taken => ({ events: taken.size, twice }),
  /** Epoch milliseconds; null: it did not come. */
  arrivedAt: ({ dataset, id }: { dataset: string; id: string }): number | null => taken.get(`${dataset} ${id}`) ?? null,
  /** Requests that this sender waits for. */
  inFlight: (sender: string): number => inFlight.get(sender) ?? 0,
  /** What has come is forgotten: the next measure begins. */
  forget: () => {
    taken.clear();
    twice = 0;
  },
  /** Microseconds of this process. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

export type MetaQuestions = typeof questions;

server.listen(0, "127.0.0.1", () => answering(questions));
