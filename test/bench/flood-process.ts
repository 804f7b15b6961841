import { connect, type Socket } from "node:net";
import { answering, settingsOf } from "./child";

/**
 * Posts junk to /collect at a steady rate, in a process of its own: bytes written to open connections, answers counted, for a
 * client that builds each request would need the core that the server is measured on.
 */

interface Settings {
  port: number;
  /** The shop's own, which is public: it stands in the pixel's settings. */
  shop: string;
  key: string;
}

export interface Flooded {
  sent: number;
  answered: number;
  /** Answers other than 204. */
  refused: number;
}

const CONNECTIONS = 200;
const TICK_MS = 5;

const { port, shop, key } = settingsOf<Settings>();

const BROWSER = "Mozilla/5.0 (Macintosh) Safari/605.1";
const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

interface Junk {
  body: string;
  address?: string;
  userAgent?: string;
}

/** One of each ten. A flooder may have many addresses, and the shop's public key. */
const KINDS: readonly ((n: number) => Junk)[] = [
  (n) => ({ body: beacon({ key: `guess-${n}` }) }),
  (n) => ({ body: beacon({ key: `guess-${n}` }) }),
  (n) => ({ body: beacon({ shop: `shop-${n}.myshopify.com` }) }),
  () => ({ body: `{"v":1,"shop":"${shop}","key":` }),
  () => ({ body: "[".repeat(1_000) }),
  (n) => ({ body: JSON.stringify({ v: 1, shop, data: "x".repeat(4_000), n }) }),
  // One address, again and again.
  (n) => ({ body: beacon({ id: `sh-one-${n}` }), address: "198.51.100.7" }),
  // One that was overheard, byte for byte, from many addresses.
  () => ({ body: OVERHEARD }),
  (n) => ({ body: beacon({ id: `sh-bot-${n}` }), userAgent: BOT }),
  (n) => ({ body: beacon({ name: "checkout_completed", id: `sh-${n}`, checkout_token: "<script>".repeat(20) }) }),
];

function beacon(over: object): string {
  return JSON.stringify({
    v: 1,
    shop,
    key,
    name: "page_viewed",
    id: "sh-0",
    timestamp: new Date().toISOString(),
    client_id: "visitor-0",
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    url: "https://shop.example.com/",
    tr: "resolved",
    ...over,
  });
}

const OVERHEARD = beacon({ id: "sh-overheard" });

function requestOf(n: number): string {
  const { body, address = addressOf(n), userAgent = BROWSER } = KINDS[n % KINDS.length]?.(n) ?? { body: "" };
  return (
    "POST /collect HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\n" +
    `user-agent: ${userAgent}\r\nx-forwarded-for: ${address}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** Out of some ten thousand public ones. */
function addressOf(n: number): string {
  return `23.${20 + (n % 7)}.${n % 251}.${1 + (n % 11)}`;
}

/** Made beforehand: what the flood is made with would else be missed by the server, on a machine of two cores. */
const REQUESTS = Array.from({ length: 20_000 }, (_, n) => requestOf(n));

const tally: Flooded = { sent: 0, answered: 0, refused: 0 };
/** Connections on which nothing is under way: who asks again before the answer is hung up on. */
const idle: Socket[] = [];
let timer: NodeJS.Timeout | undefined;

function open(): void {
  const socket = connect(port, "127.0.0.1", () => idle.push(socket));
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    tally.answered += 1;
    if (!text.startsWith("HTTP/1.1 204")) tally.refused += 1;
    idle.push(socket);
  });
  // One that is closed on us is opened again.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (idle.includes(socket)) idle.splice(idle.indexOf(socket), 1);
    open();
  });
}

const questions = {
  /** Begins, so many a second. */
  start: (perSecond: number) => {
    Object.assign(tally, { sent: 0, answered: 0, refused: 0 });
    const begun = performance.now();
    timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begun) / 1_000) * perSecond);
      while (tally.sent < due) {
        const socket = idle.shift();
        if (socket === undefined) break;
        tally.sent += 1;
        socket.write(REQUESTS[tally.sent % REQUESTS.length] ?? "");
      }
    }, TICK_MS);
  },
  /** Ends; answers what became of it. */
  stop: (): Flooded => {
    clearInterval(timer);
    return { ...tally };
  },
};

for (let n = 0; n < CONNECTIONS; n += 1) open();

export type FloodQuestions = typeof questions;

answering(questions);
