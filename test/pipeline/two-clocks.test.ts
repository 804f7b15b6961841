import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";

const MINUTE_MS = 60_000;

it("a worker whose clock is five minutes ahead leaves alone what another is sending", async () => {
  const pipeline = await testPipeline();
  const { clock, meta, registry } = pipeline;
  await pipeline.connect();
  await pipeline.webhook("orders/create", order({}));
  clock.pass(10_000);
  meta.weather.script([{ kind: "latency", ms: 500, count: 1 }]);

  const sending = pipeline.drain();
  while (meta.deliveries().length === 0) await sleep(5);
  await registry.refresh();
  await pipeline.drain({ now: () => clock.now() + 5 * MINUTE_MS, leaseNow: clock.now });
  await sending;

  expect(meta.received).toHaveLength(1);
  expect(await pipeline.events()).toMatchObject([{ outcome: "accepted", attempts: 1 }]);
});
