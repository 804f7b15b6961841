import { randomBytes } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { storeEnv } from "~/env.server";
import { openLog } from "~/log.server";
import { countingSettled, openMetrics } from "~/metrics.server";
import { receiveWebhook } from "~/pipeline.server";
import { openRuntime, type Runtime } from "~/runtime.server";
import { connect } from "~/settings/connect.server";
import { storeEnvOf } from "../cli/run";
import { order } from "../fixtures/order";
import { closing } from "../server/stand-ins";
import { startMeta } from "../simulators/meta/server";
import { DAY, heldClock } from "../support/clock";
import { freshDatabase } from "../support/database";
import { DATASET, SHOP, TOKEN, testPipeline } from "../support/pipeline";
import { ageOfQueue, METRICS_TOKEN, type OpenFront, openFront } from "./open-front";

const MINUTE = 60_000;
const scraped = { path: "/metrics", headers: { authorization: `Bearer ${METRICS_TOKEN}` } };

describe("/metrics", () => {
  it("counts webhooks by topic and by what became of them", async () => {
    const front = await openFront();
    await front.webhook("orders/create", order());
    await front.webhook("orders/create", order(), { "x-shopify-shop-domain": "stranger.myshopify.com" });
    await front.webhook("themes/update", {});
    await front.webhook("orders/paid", order(), { "x-shopify-hmac-sha256": "forged" });
    const text = await scrape(front);
    expect(text).toContain('tandem_webhooks_total{topic="orders/create",result="stored"} 1');
    expect(text).toContain('tandem_webhooks_total{topic="orders/create",result="unknown_shop"} 1');
    expect(text).toContain('tandem_webhooks_total{topic="unknown",result="unknown_topic"} 1');
    expect(text).toContain('tandem_webhooks_total{topic="unverified",result="bad_hmac"} 1');
  });

  it("tells at each scrape for how long the oldest event has been due", async () => {
    const front = await openFront();
    const { pipeline } = front;
    expect(await scrape(front)).toContain("\ntandem_queue_age_seconds 0\n");
    await front.webhook("orders/create", order({ country: "AU" }));
    pipeline.clock.pass(90_000);
    expect(await scrape(front)).toContain("\ntandem_queue_age_seconds 90\n");
    await pipeline.drain();
    expect(await scrape(front)).toContain("\ntandem_queue_age_seconds 0\n");
  });

  it("is scraped all the same when the queue cannot be read: then its age is not told", async () => {
    let busy = true;
    const queueAge = async () => (busy ? Promise.reject(new Error("busy")) : 1_500);
    const front = await openFront({ metrics: openMetrics({ queueAge }) });
    expect(await scrape(front)).not.toMatch(/^tandem_queue_age_seconds/m);
    expect(await scrape(front)).toContain("tandem_webhooks_total");
    busy = false;
    expect(await scrape(front)).toContain("\ntandem_queue_age_seconds 1.5\n");
  });

  it("shows what the running app did with an order: request, verdict, latency, batch, outcome", async () => {
    const { runtime, meta, deliver } = await openRunning();
    await deliver("1001");
    await deliver("1002");
    const before = await said(runtime, "tandem_events_settled_total");
    expect(before).toEqual(['{outcome="accepted"} 2']);
    expect(await said(runtime, "tandem_meta_requests_total")).toEqual(['{verdict="accepted"} 2']);
    expect(await said(runtime, "tandem_meta_request_seconds_count")).toEqual([" 2"]);
    expect(await said(runtime, "tandem_meta_request_events_sum")).toEqual([" 2"]);
    expect(await said(runtime, "tandem_queue_age_seconds")).toEqual([" 0"]);
    expect(meta.received).toHaveLength(2);
  });
});

describe("the age of the queue", () => {
  it("is that of the oldest of all datasets, and a dataset on hold does not count: a person holds it, not we", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, "2345678901": TOKEN } });
    await pipeline.connect({ dataset: "2345678901", at: DAY - MINUTE });
    const age = () => ageOfQueue(pipeline);
    expect(await age()).toBe(0);
    await pipeline.webhook("orders/create", order({ country: "AU", id: "5001" }));
    pipeline.clock.pass(MINUTE);
    await pipeline.webhook("orders/create", order({ country: "AU", id: "5002", checkoutToken: "another" }));
    pipeline.clock.pass(MINUTE);
    expect(await age()).toBe(2 * MINUTE);
    for (const { id, connection } of pipeline.shop().datasets) {
      await pipeline.store.holdDataset({ id, connection }, "meta_190", pipeline.clock.now());
    }
    expect(await age()).toBe(0);
  });
});

describe("settled events", () => {
  it("are counted once, when they end: not while they wait, not for a row that was lost, not when they are forgotten", async () => {
    const metrics = openMetrics();
    const settlements = [
      { id: 1, outcome: "accepted", changes: [{}] },
      { id: 2, outcome: "accepted", changes: [{}] },
      { id: 3, outcome: "waiting", changes: [] },
      { id: 4, outcome: "skipped", changes: [] },
      { id: 5, outcome: "withheld", changes: [{}, {}] },
    ];
    const settle = countingSettled(async () => ({ lost: [2] }), metrics);
    expect(await settle({ settlements })).toEqual({ lost: [2] });
    const { values } = await metrics.settled.get();
    expect(values.map(({ labels, value }) => [labels.outcome, value])).toEqual([
      ["accepted", 1],
      ["withheld", 1],
    ]);
  });
});

async function scrape(front: OpenFront): Promise<string> {
  const { status, text } = await front.send(scraped);
  expect(status).toBe(200);
  return text;
}

/** The lines of one metric, without its name. */
async function said({ metrics }: Runtime, name: string): Promise<string[]> {
  const { text } = await metrics.render();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));
}

/** The runtime as the server opens it, on a clock that stands; its scheduler drains. */
async function openRunning() {
  const path = freshDatabase();
  const clock = heldClock();
  const meta = closing(await startMeta({ now: clock.now }));
  const env = storeEnv({ ...storeEnvOf(path, randomBytes(32)), META_GRAPH_URL: meta.origin });
  const runtime = closing(
    await openRuntime(env, {
      log: openLog("silent"),
      root: process.cwd(),
      now: clock.now,
      appUrl: "https://tandem.example.com",
      graphqlOf: () => Promise.reject(new Error("no session")),
    }),
  );
  const shop = { shop: SHOP, dataset: DATASET, token: TOKEN, testCode: null, holdSeconds: 0, country: "AU" };
  await connect(runtime.store, runtime.keyring, shop, DAY - MINUTE);
  await runtime.registry.refresh();
  /** Resolves when it is settled. */
  async function deliver(id: string): Promise<void> {
    const body = order({ country: "AU", id, checkoutToken: `token-${id}` });
    const arrival = { topic: "orders/create", shop: SHOP, body, webhookId: `webhook-${id}`, triggeredAt: null };
    await receiveWebhook(arrival, runtime);
    runtime.scheduler.hurry(runtime.registry.shop(SHOP)?.datasets.map(({ id }) => id) ?? []);
    await vi.waitFor(async () => expect(await runtime.db.event.count({ where: { outcome: "waiting" } })).toBe(0), {
      timeout: 5_000,
    });
  }
  return { runtime, meta, deliver };
}
