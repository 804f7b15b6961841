import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { openMetrics } from "~/metrics.server";
import { order } from "../fixtures/order";
import { holdWriteLock } from "./lock";
import { type Answer, collectPageView, type OpenFront, openFront, sign, webhookHeaders } from "./open-front";

const KB = 1024;
const MB = 1024 * KB;
/** Less than a write waits for the store. */
const PATIENTLY = { timeout: 4_000 };

/** A front of which it is known how much it holds, and how much it ever held. */
async function openWatched(over: Parameters<typeof openFront>[0] = {}) {
  const metrics = openMetrics();
  const { inflightBytes } = metrics;
  let held = 0;
  let most = 0;
  const set = inflightBytes.set.bind(inflightBytes);
  inflightBytes.set = (bytes: number) => {
    held = bytes;
    most = Math.max(most, bytes);
    set(bytes);
  };
  const front = await openFront({ metrics, ...over });
  const counted = async (counter: "webhooks" | "beacons", result: string) => {
    const { values } = await metrics[counter].get();
    return values.filter(({ labels }) => labels.result === result).reduce((sum, { value }) => sum + value, 0);
  };
  return {
    front,
    counted,
    held: () => held,
    most: () => most,
    nothingHeld: () => vi.waitFor(() => expect(held).toBe(0)),
  };
}

/** An order of so many bytes. */
function padded(id: number, bytes: number): string {
  const text = JSON.stringify(order({ id, checkoutToken: null }));
  return text + " ".repeat(bytes - text.length);
}

function webhook(front: OpenFront, id: number, bytes: number): Promise<Answer> {
  return front.webhook("orders/create", padded(id, bytes));
}

describe("more than can be stored", () => {
  it("is refused with 503 and Retry-After before memory grows; what was acknowledged is stored, and then all goes on", async () => {
    const { front, counted, most, nothingHeld } = await openWatched({ mostInFlight: MB });
    const lock = await holdWriteLock(front.pipeline.path);
    const sent = Array.from({ length: 80 }, (_, n) => webhook(front, n + 1, 40 * KB));
    await vi.waitFor(async () => expect(await counted("webhooks", "overloaded")).toBeGreaterThan(10), PATIENTLY);
    await lock.release();
    const answers = await Promise.all(sent);

    const refused = answers.filter(({ status }) => status === 503);
    const stored = answers.flatMap(({ status }, n) => (status === 200 ? [String(n + 1)] : []));
    expect(refused.length + stored.length).toBe(80);
    expect(new Set(refused.map(({ headers }) => headers["retry-after"]))).toEqual(new Set(["5"]));
    expect(stored.length).toBeGreaterThan(10);
    expect(most()).toBeGreaterThan(MB - 60 * KB);
    expect(most()).toBeLessThanOrEqual(MB);
    expect((await front.pipeline.events()).map(({ orderId }) => orderId).sort()).toEqual(stored.sort());

    await nothingHeld();
    expect((await webhook(front, 1_000, 10 * KB)).status).toBe(200);
    expect((await collectPageView(front)).status).toBe(204);
  });

  it("of beacons leaves the door open for orders", async () => {
    const { front, counted, nothingHeld } = await openWatched({ mostInFlight: MB });
    const lock = await holdWriteLock(front.pipeline.path);
    const beacons = Array.from({ length: 60 }, () => collectPageView(front));
    await vi.waitFor(async () => expect(await counted("beacons", "overloaded")).toBeGreaterThan(20), PATIENTLY);
    const orders = [1, 2, 3, 4, 5].map((id) => webhook(front, id, 20 * KB));
    await lock.release();
    expect((await Promise.all(orders)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const refused = (await Promise.all(beacons)).filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(20);
    for (const { headers } of refused) {
      expect(headers).toMatchObject({ "access-control-allow-origin": "*", "retry-after": "5" });
    }
    await nothingHeld();
  });

  it("is refused also where no length was declared, as soon as there is no room for the next piece", async () => {
    const { front, counted, most, nothingHeld } = await openWatched({ mostInFlight: 256 * KB });
    const body = Array.from({ length: 64 }, () => Buffer.alloc(8 * KB, 0x20));
    const headers = webhookHeaders("orders/create", Buffer.concat(body));
    const { status } = await front.send({ method: "POST", path: "/webhooks", headers, body });
    expect(status).toBe(503);
    expect(await counted("webhooks", "overloaded")).toBe(1);
    expect(most()).toBeLessThanOrEqual(256 * KB);
    await nothingHeld();
  });
});

describe("what a request holds", () => {
  it("is given back when it is answered, whatever the answer", async () => {
    const { front, most, nothingHeld } = await openWatched();
    const text = JSON.stringify(order());
    const answers = [
      await front.webhook("orders/create", text),
      await front.webhook("orders/create", text, { "x-shopify-hmac-sha256": sign("another body") }),
      await front.webhook("orders/create", text, { "x-shopify-hmac-sha256": undefined }),
      await front.webhook("orders/create", text, { "x-shopify-topic": undefined }),
      await front.webhook("orders/create", "{"),
      await front.webhook("orders/create", " ".repeat(2 * MB + 1)),
      await front.send({
        method: "POST",
        path: "/webhooks",
        body: Array.from({ length: 5 }, () => Buffer.alloc(MB / 2)),
      }),
      await collectPageView(front),
      await front.send({ method: "POST", path: "/collect", body: "{" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 400, 400, 413, 413, 204, 204]);
    expect(most()).toBeGreaterThan(0);
    await nothingHeld();
  });

  it("is given back when the store fails", async () => {
    const store = new Proxy({} as OpenFront["pipeline"]["store"], {
      get: () => () => Promise.reject(new Error("full")),
    });
    const { front, nothingHeld } = await openWatched({ store });
    expect([(await webhook(front, 1, 10 * KB)).status, (await collectPageView(front)).status]).toEqual([503, 503]);
    await nothingHeld();
  });

  it("is given back where a body that claims to be signed does not come, and others' orders have room meanwhile", async () => {
    const { front, held } = await openWatched({ mostInFlight: MB, trustedProxies: 1 });
    const forged = (from: string) => {
      const socket = connect(Number(new URL(front.origin).port), "127.0.0.1");
      socket.on("error", () => undefined);
      const headers = `x-forwarded-for: ${from}\r\nx-shopify-hmac-sha256: ${"A".repeat(43)}=\r\ncontent-length: 60000`;
      socket.write(`POST /webhooks HTTP/1.1\r\nhost: app\r\n${headers}\r\n\r\n{`);
      return new Promise<void>((resolve) => socket.on("close", () => resolve()));
    };
    const gone = Array.from({ length: 40 }, () => forged("203.0.113.66"));
    await vi.waitFor(() => expect(held()).toBeGreaterThan(2 * 60_000));
    expect(held()).toBeLessThanOrEqual(MB / 4);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        front.webhook("orders/create", padded(n + 1, 40 * KB), { "x-forwarded-for": "203.0.113.8" }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await vi.waitFor(() => expect(held()).toBe(0), { timeout: 9_000, interval: 100 });
    await gone[0];
  }, 20_000);

  it.each(["/webhooks", "/collect"])("is given back when the sender hangs up in the middle (%s)", async (path) => {
    const { front, held, nothingHeld } = await openWatched();
    const socket = connect(Number(new URL(front.origin).port), "127.0.0.1");
    socket.write(`POST ${path} HTTP/1.1\r\nhost: app\r\ncontent-length: 1000\r\n\r\n{`);
    await vi.waitFor(() => expect(held()).toBeGreaterThan(1_000));
    socket.destroy();
    await nothingHeld();
  });

  it("is held until it is stored, also when the sender has gone: until then it is in the process", async () => {
    const { front, held, nothingHeld } = await openWatched();
    const lock = await holdWriteLock(front.pipeline.path);
    const text = padded(1, 10 * KB);
    const head = Object.entries(webhookHeaders("orders/create", text)).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(new URL(front.origin).port), "127.0.0.1");
    socket.write(
      `POST /webhooks HTTP/1.1\r\nhost: app\r\ncontent-length: ${text.length}\r\n${head.join("")}\r\n${text}`,
    );
    await vi.waitFor(() => expect(held()).toBeGreaterThan(10 * KB));
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(held()).toBeGreaterThan(10 * KB);
    await lock.release();
    await nothingHeld();
    expect(await front.pipeline.events()).toHaveLength(1);
  });
});
