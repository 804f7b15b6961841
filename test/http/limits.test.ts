import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type OpenFront, openFront, webhookHeaders } from "./open-front";

const MB = 1024 * 1024;
const WEBHOOK_LIMIT = 2 * MB;
const BEACON_LIMIT = 64 * 1024;

describe("a body that is too large", () => {
  it("is refused with 413 by its declared length, at /webhooks", async () => {
    const front = await openFront();
    const body = Buffer.alloc(WEBHOOK_LIMIT + 1, 0x20);
    expect((await webhookOf(front, body)).status).toBe(413);
  });

  it("is refused with 413 while it streams in without a declared length, at /webhooks", async () => {
    const front = await openFront();
    const body = Array.from({ length: 5 }, () => Buffer.alloc(MB / 2, 0x20));
    expect((await webhookOf(front, body)).status).toBe(413);
  });

  it("is refused with 413 however much more the sender still has to say", async () => {
    const front = await openFront();
    const body = Array.from({ length: 32 }, () => Buffer.alloc(MB / 2, 0x20));
    expect((await webhookOf(front, body)).status).toBe(413);
  });

  it("is refused with 413 at /collect, declared or not", async () => {
    const front = await openFront();
    const body = Buffer.alloc(BEACON_LIMIT + 1, 0x20);
    const declared = await front.send({ method: "POST", path: "/collect", body });
    const streamed = await front.send({ method: "POST", path: "/collect", body: [body] });
    for (const { status, headers } of [declared, streamed]) {
      expect({ status, cors: headers["access-control-allow-origin"] }).toEqual({ status: 413, cors: "*" });
    }
  });

  it("is not too large at the limit itself", async () => {
    const front = await openFront();
    const text = JSON.stringify(order());
    const body = Buffer.concat([Buffer.from(text), Buffer.alloc(WEBHOOK_LIMIT - Buffer.byteLength(text), 0x20)]);
    expect((await webhookOf(front, body)).status).toBe(200);
    const beacon = Buffer.alloc(BEACON_LIMIT, 0x20);
    expect((await front.send({ method: "POST", path: "/collect", body: beacon })).status).toBe(204);
  });
});

describe("a body that never comes whole", () => {
  it.each([
    ["/webhooks", "content-length: 1000\r\n\r\n{"],
    ["/webhooks", 'transfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'],
    ["/collect", "content-length: 1000\r\n\r\n{"],
  ])("costs nothing but itself (%s)", async (path, rest) => {
    const front = await openFront();
    for (let i = 0; i < 5; i += 1) await hangUpAfter(front, `POST ${path} HTTP/1.1\r\nhost: app\r\n${rest}`);
    expect((await front.webhook("orders/create", order())).status).toBe(200);
    expect(front.log).toEqual([]);
  });

  it("is no beacon and no webhook: nothing is stored or counted", async () => {
    const front = await openFront();
    const text = JSON.stringify(order());
    const head = Object.entries(webhookHeaders("orders/create", text)).map(([name, value]) => `${name}: ${value}`);
    await hangUpAfter(
      front,
      `POST /webhooks HTTP/1.1\r\nhost: app\r\ncontent-length: ${text.length + 1}\r\n${head.join("\r\n")}\r\n\r\n${text}`,
    );
    expect(await front.pipeline.events()).toEqual([]);
    expect(await front.counted("webhooks")).toEqual([]);
  });
});

describe("a connection", () => {
  const ASKING = "GET /healthz HTTP/1.1\r\nhost: app\r\n\r\n";

  it("is hung up on when it asks again before it was answered", async () => {
    const front = await openFront();
    const beacon = "POST /collect HTTP/1.1\r\nhost: app\r\ncontent-length: 2\r\n\r\n{}";
    expect(await heardOf(front, beacon.repeat(200))).toBe("");
    expect(await front.counted("beacons")).toEqual(["malformed → 1"]);
  });

  it("may ask as often as it likes, one after the other", async () => {
    const front = await openFront();
    const words = await heardOf(front, ASKING, 3);
    expect(words.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  });
});

/** What a connection hears that says something so many times, each after the answer to the one before, until it is over. */
function heardOf(front: OpenFront, words: string, times = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    let left = times;
    const socket = connect(Number(new URL(front.origin).port), "127.0.0.1", () => socket.write(words));
    socket.on("data", (chunk) => {
      heard += chunk;
      left -= 1;
      if (left > 0) socket.write(words);
      else socket.end();
    });
    socket.on("close", () => resolve(heard));
    socket.on("error", reject);
  });
}

function webhookOf(front: OpenFront, body: Buffer | Buffer[]) {
  const whole = Array.isArray(body) ? Buffer.concat(body) : body;
  return front.send({ method: "POST", path: "/webhooks", headers: webhookHeaders("orders/create", whole), body });
}

/** Says so much, waits until it has gone out, and hangs up. */
function hangUpAfter(front: OpenFront, words: string): Promise<void> {
  const { port } = new URL(front.origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(words, () => setTimeout(() => socket.destroy(), 20));
    });
    socket.on("error", reject);
    socket.on("close", () => setTimeout(resolve, 20));
  });
}
