import type { ServerProcess } from "./server-process";
import { startServerProcess } from "./server-process";

/** What a server does: receives, delivers, or both (ROLE). */
export type Role = "all" | "web" | "worker";

/** A server that a house is to have. */
export interface Employed {
  role: Role;
  /** How far its machine's clock is ahead of everybody else's; absent: it is right. */
  aheadMs?: number;
}

/** One of the servers of a house; it may be started and ended any number of times. */
export interface HouseServer {
  role: Role;
  /** Its process; null: none runs. */
  pid(): number | null;
  /** Where it listens; null: it does not. */
  origin(): string | null;
  /** Starts it at its time, unless it runs. */
  start(): void;
  /** Resolves when it listens. Throws with its words when it ends instead. */
  listening(): Promise<void>;
  /** Kills it with -9. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM. */
  stop(): Promise<void>;
  /** The errors in the logs of all its processes, each once. */
  errors(): string[];
}

interface Deps {
  env: Record<string, string>;
  /** What its own machine takes the time for, epoch milliseconds. */
  now: () => number;
  /** Told when it is killed. */
  onKill: () => void;
  complain: (words: string) => void;
}

/** A server that does not run yet. When one ends that nobody has ended, that is complained of, and it is started anew. */
export function openHouseServer(role: Role, { env, now, onKill, complain }: Deps): HouseServer {
  let running: ServerProcess | null = null;
  let ending: ServerProcess | null = null;
  let mishaps = 0;
  const errors = new Set<string>();

  function start(): void {
    if (running !== null) return;
    const started = startServerProcess({ env: { ...env, ROLE: role }, clock: new Date(now()).toISOString() });
    running = started;
    void started.ended.then((lastWords) => {
      if (ending === started) return;
      complain(`a server (${role}) ended by itself; it said: ${lastWords}`);
      leave();
      mishaps += 1;
      if (mishaps < MOST_MISHAPS) start();
    });
  }

  async function end<T>(how: (server: ServerProcess) => Promise<T>): Promise<T | undefined> {
    if (running === null) return undefined;
    ending = running;
    const result = await how(running);
    leave();
    return result;
  }

  function leave(): void {
    for (const error of running?.errors() ?? []) errors.add(error);
    running = null;
  }

  return {
    role,
    pid: () => running?.pid ?? null,
    origin: () => running?.origin() ?? null,
    start,
    listening: async () => void (await running?.listening()),
    kill: () =>
      end(async (server) => {
        onKill();
        await server.kill();
      }),
    stop: async () => {
      const code = await end((server) => server.stop());
      if (code !== undefined && code !== 0) complain(`SIGTERM ended a server (${role}) with ${code}, not with 0`);
    },
    errors: () => [...errors],
  };
}

/** Who ends so often by himself has shown enough. */
const MOST_MISHAPS = 5;
