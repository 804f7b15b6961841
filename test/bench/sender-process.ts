import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answering, settingsOf } from "./child";
import { orderOf } from "./orders";

/**
 * Sends signed orders, in a process of its own: bytes that were made beforehand are written to open connections, and answers
 * counted, for a client that builds each request would need the core that the server is measured on.
 */

interface Settings {
  secret: string;
  shop: string;
}

export interface Acknowledged {
  seconds: number;
  ok: number;
  /** Answers other than 200. */
  refused: number;
  /** Milliseconds from the first byte sent to the answer. */
  p50_ms: number;
  p99_ms: number;
  /** Microseconds of this process for each. */
  cpu_us: number;
}

const { secret, shop } = settingsOf<Settings>();

let prepared: Buffer[] = [];

/** Placed a minute ago, by somebody new, with every match key. */
function requestOf(number: number): Buffer {
  const at = new Date(Date.now() - 60_000).toISOString();
  const body = JSON.stringify({ ...orderOf(number), created_at: at, processed_at: at, updated_at: at });
  const signature = createHmac("sha256", secret).update(body).digest("base64");
  return Buffer.from(
    "POST /webhooks HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" +
      `x-shopify-topic: orders/create\r\nx-shopify-shop-domain: ${shop}\r\nx-shopify-webhook-id: bench-${number}\r\n` +
      `x-shopify-api-version: 2026-07\r\nx-shopify-triggered-at: ${at}\r\nx-shopify-event-id: bench-event-${number}\r\n` +
      `x-shopify-hmac-sha256: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

interface Answer {
  ok: boolean;
  ms: number;
}

const STATUS_LINE = /HTTP\/1\.1 (\d{3})/;

/** One connection; it sends a request and waits for its answer. */
class Line {
  private heard: ((ok: boolean) => void) | null = null;
  private text = "";
  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    // The end of an answer may come with the beginning of the next one.
    socket.on("data", (chunk: string) => {
      this.text += chunk;
      const [, status] = STATUS_LINE.exec(this.text) ?? [];
      if (status === undefined) return;
      this.text = "";
      this.hear(status === "200");
    });
    socket.on("close", () => this.hear(false));
    socket.on("error", () => this.hear(false));
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Line(socket))).once("error", reject);
    });
  }

  private hear(ok: boolean): void {
    this.heard?.(ok);
    this.heard = null;
  }

  send(bytes: Buffer): Promise<Answer> {
    const begun = performance.now();
    return new Promise((resolve) => {
      this.heard = (ok) => resolve({ ok, ms: performance.now() - begun });
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

async function withLines<T>(port: number, count: number, work: (lines: Line[]) => Promise<T>): Promise<T> {
  const lines = await Promise.all(Array.from({ length: count }, () => Line.open(port)));
  try {
    return await work(lines);
  } finally {
    for (const line of lines) line.close();
  }
}

async function measured(work: () => Promise<Answer[]>): Promise<Acknowledged> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const answers = await work();
  const { user, system } = process.cpuUsage(cpu);
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN;
  const ok = answers.filter((answer) => answer.ok).length;
  return {
    seconds: (performance.now() - begun) / 1_000,
    ok,
    refused: answers.length - ok,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    cpu_us: (user + system) / answers.length,
  };
}

const questions = {
  /** Makes the requests of the next measure. */
  prepare: ({ from, count }: { from: number; count: number }) => {
    prepared = Array.from({ length: count }, (_, n) => requestOf(from + n));
  },
  /** Sends all that was made, over so many connections, each of which waits for its answer. */
  sendAll: ({ port, connections }: { port: number; connections: number }): Promise<Acknowledged> =>
    withLines(port, connections, (lines) =>
      measured(async () => {
        const queue = prepared.values();
        const answers: Answer[] = [];
        await Promise.all(
          lines.map(async (line) => {
            for (const bytes of queue) answers.push(await line.send(bytes));
          }),
        );
        return answers;
      }),
    ),
  /** Sends all that was made, so many a second, whether or not they are answered in time. */
  sendSteadily: ({ port, perSecond }: { port: number; perSecond: number }): Promise<Acknowledged> =>
    withLines(port, perSecond, (idle) =>
      measured(async () => {
        const begun = performance.now();
        const asked: Promise<Answer>[] = [];
        for (const [n, bytes] of prepared.entries()) {
          await sleep(Math.max(0, (n * 1_000) / perSecond - (performance.now() - begun)));
          const line = idle.shift();
          if (line === undefined) throw new Error("answers are a second late");
          asked.push(line.send(bytes).finally(() => idle.push(line)));
        }
        return Promise.all(asked);
      }),
    ),
};

export type SenderQuestions = typeof questions;

answering(questions);
