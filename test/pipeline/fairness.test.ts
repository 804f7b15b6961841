import { expect, it, vi } from "vitest";
import { openPace } from "~/delivery/pace";
import { openSlots } from "~/pipeline/slots";
import { drain } from "~/pipeline.server";
import { order } from "../fixtures/order";
import { DATASET, TOKEN, testPipeline } from "../support/pipeline";

const OTHER = "2345678901";
const PER_REQUEST = 10;
const IN_FLIGHT = 4;

it("lets a dataset's one order leave although another has hundreds due and takes every slot", async () => {
  const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, [OTHER]: TOKEN } });
  const place = (id: number) => pipeline.webhook("orders/create", order({ id, checkoutToken: null, country: "AU" }));
  await Promise.all(Array.from({ length: 600 }, (_, n) => place(1_000 + n)));
  await pipeline.connect({ dataset: OTHER });
  await place(9_999);
  const [busy, quiet] = pipeline.shop().datasets.map(({ id }) => id);
  pipeline.meta.weather.script([{ kind: "latency", ms: 20, count: 1_000 }]);
  const deps = pipeline.drainDeps({
    slots: openSlots(IN_FLIGHT),
    pace: openPace(PER_REQUEST),
    mostEvents: PER_REQUEST,
  });

  const draining = drain(busy ?? 0, deps);
  await vi.waitFor(() => expect(pipeline.meta.requests.length).toBeGreaterThanOrEqual(IN_FLIGHT), 10_000);
  const before = pipeline.meta.requests.length;
  await drain(quiet ?? 0, deps);
  const place9999 = pipeline.meta.requests.findIndex(({ dataset }) => dataset === OTHER);
  expect(place9999 - before).toBeLessThanOrEqual(3 * IN_FLIGHT);
  await draining;
  expect(pipeline.meta.counted()).toHaveLength(602);
  expect(pipeline.meta.requests.length).toBeGreaterThan(60);
});
