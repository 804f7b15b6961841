import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerIn } from "./wire";

/** What came of the connections that speak as slowly as they can. */
export interface Dribbled {
  requests: number;
  /** Those that the server did not end in time. */
  held: number;
  /** Those that were answered as if they had said something. */
  takenWrongly: number;
}

const SECOND_MS = 1_000;

/** Half of them never end their head, half never end their body. */
const SLOW_HEADS = 40;
const SLOW_BODIES = 40;

/**
 * When a head that never ends is to be hung up on at the latest: 10 s after its beginning (headersTimeout in
 * app/start.server.ts), which Node looks for every 5 s there. https://nodejs.org/api/http.html#serverheaderstimeout
 */
const HEADS_END_MS = 20_000;

const PATHS = ["/webhooks", "/collect", "/app/settings", "/"];

interface Slow {
  /** Waits, at most as long as it is to take, until the server has hung up on the heads; or not at all. Ends them all. */
  over(patient: boolean): Promise<Dribbled>;
}

/** Opens connections that say a byte a second. */
export function dribble({ host, port }: { host: string; port: number }): Slow {
  const begun = performance.now();
  const head = (path: string) => `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  const heads = Array.from({ length: SLOW_HEADS }, (_, n) =>
    slowly(port, `${head(PATHS[n % PATHS.length] ?? "/")}x-slow: `),
  );
  const bodies = Array.from({ length: SLOW_BODIES }, (_, n) => {
    const type = "content-type: application/x-www-form-urlencoded";
    return slowly(port, `${head(PATHS[n % PATHS.length] ?? "/")}${type}\r\ncontent-length: 2000\r\n\r\n`);
  });
  const all = [...heads, ...bodies];
  const speaking = setInterval(() => {
    for (const { socket } of all) if (!socket.destroyed) socket.write("a");
  }, SECOND_MS);
  return {
    over: async (patient) => {
      while (patient && heads.some(({ socket }) => !socket.destroyed) && performance.now() - begun < HEADS_END_MS) {
        await sleep(100);
      }
      clearInterval(speaking);
      const held = patient ? heads.filter(({ socket }) => !socket.destroyed).length : 0;
      for (const { socket } of all) socket.destroy();
      const wrong = all.filter(({ heard }) => {
        const { status } = answerIn(heard(), 0);
        return status !== null && (status < 300 || status >= 500);
      });
      return { requests: all.length, held, takenWrongly: wrong.length };
    },
  };
}

function slowly(port: number, first: string): { socket: Socket; heard: () => string } {
  let heard = "";
  const socket = connect({ host: "127.0.0.1", port });
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    heard += chunk;
  });
  socket.on("error", () => socket.destroy()).on("end", () => socket.destroy());
  socket.write(first);
  return { socket, heard: () => heard };
}
