import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { SHOP } from "../support/pipeline";
import { holdWriteLock } from "./lock";
import { collectPageView, type OpenFront, openFront } from "./open-front";

/** How long a write waits for another process, and a little. */
const PATIENCE_MS = 5_000;
const MARGIN_MS = 1_500;

describe("while the store takes nothing", () => {
  it("a webhook is answered 503 with Retry-After, logged without its body and counted", async () => {
    const front = await openFront({ store: failing() });
    const { status, headers } = await front.webhook("orders/create", order());
    expect({ status, retry: headers["retry-after"] }).toEqual({ status: 503, retry: "10" });
    expect(await front.counted("webhooks")).toEqual(["orders/create not_stored → 1"]);
    expect(front.log.map((line) => JSON.parse(line))).toMatchObject([{ msg: "webhook.not_stored", shop: SHOP }]);
    expect(front.log.join("")).not.toMatch(/jordan|portland/i);
    expect(front.woken()).toBe(0);
  });

  it("a beacon is answered 503 with Retry-After, readable by any origin, and counted", async () => {
    const front = await openFront({ store: failing() });
    const { status, headers } = await collectPageView(front);
    expect({ status, retry: headers["retry-after"], cors: headers["access-control-allow-origin"] }).toEqual({
      status: 503,
      retry: "10",
      cors: "*",
    });
    expect(await front.counted("beacons")).toEqual(["not_stored → 1"]);
  });
});

describe("while another process holds the write lock", () => {
  it("/healthz answers within a quarter of a second, and what waits is stored when the lock is free", async () => {
    const front = await openFront();
    const lock = await holdWriteLock(front.pipeline.path);
    const waiting = [1, 2, 3].map((id) => front.webhook("orders/create", order({ id, checkoutToken: null })));
    const slowest = await slowestHealthz(front, 1_000);
    await lock.release();
    expect(slowest).toBeLessThan(250);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await front.pipeline.events()).toHaveLength(3);
  });

  it("a webhook waits for 5 s, then is answered 503 and not stored; /readyz says so too", async () => {
    const front = await openFront();
    const lock = await holdWriteLock(front.pipeline.path);
    const started = performance.now();
    const [webhook, ready] = await Promise.all([
      front.webhook("orders/create", order()),
      front.send({ path: "/readyz" }),
    ]);
    expect(webhook).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
    expect(ready).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
    expect(performance.now() - started).toBeGreaterThan(PATIENCE_MS - 100);
    await lock.release();
    expect(await front.pipeline.events()).toEqual([]);
    expect((await front.webhook("orders/create", order())).status).toBe(200);
    expect((await front.send({ path: "/readyz" })).status).toBe(200);
  });

  it("no webhook waits for longer because others wait before it", async () => {
    const front = await openFront();
    const lock = await holdWriteLock(front.pipeline.path);
    const waits: Promise<number>[] = [];
    for (const id of [1, 2, 3]) {
      waits.push(millisecondsOf(() => front.webhook("orders/create", order({ id, checkoutToken: null }))));
      await sleep(200);
    }
    for (const ms of await Promise.all(waits)) expect(ms).toBeLessThan(PATIENCE_MS + MARGIN_MS);
    await lock.release();
  });
});

function failing() {
  const ingest = () => Promise.reject(new Error("the disk is full"));
  return new Proxy({} as OpenFront["pipeline"]["store"], { get: () => ingest });
}

async function slowestHealthz(front: OpenFront, forMs: number): Promise<number> {
  let slowest = 0;
  for (const until = performance.now() + forMs; performance.now() < until; ) {
    slowest = Math.max(slowest, await millisecondsOf(() => front.send({ path: "/healthz" })));
  }
  return slowest;
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
