import { describe, expect, it } from "vitest";
import { groupsOf, matchQualityOf } from "~/diagnostics/match-quality.server";
import { openStore } from "~/store/store.server";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const DAY_MS = 86_400_000;

async function view(pipeline: TestPipeline, n: number): Promise<void> {
  const fbp = n % 2 === 0 ? "fb.1.1763632800000.1234567890" : null;
  await pipeline.beacon({ name: "page_viewed", id: `sh-page-${n}`, client_id: `visitor-${n}`, fbp });
  await pipeline.drain();
}

function quality({ store, shop, clock }: TestPipeline, dataset = { id: 1, dataset: DATASET }) {
  return matchQualityOf(store, shop(), dataset, clock.now());
}

describe("what events carried", () => {
  it("is summed over seven of the shop's days, and told day by day for thirty", async () => {
    const pipeline = await testPipeline();
    await view(pipeline, 1);
    pipeline.clock.pass(8 * DAY_MS);
    await view(pipeline, 2);
    await view(pipeline, 3);
    const { events, week, month } = await quality(pipeline);
    expect([week.length, month.length, week.at(-1)]).toEqual([7, 30, month.at(-1)]);
    expect(events).toHaveLength(1);
    const fbp = events[0]?.server.keys.find(({ key }) => key === "fbp");
    expect(events[0]).toMatchObject({ event: "PageView", twins: 2, server: { events: 2 }, browser: { events: 2 } });
    expect(fbp).toMatchObject({ sent: 1, known: 0 });
    expect(fbp?.days.filter(({ events: there }) => there > 0)).toEqual([
      { sent: 0, events: 1 },
      { sent: 1, events: 2 },
    ]);
    expect(fbp?.days[21]).toEqual({ sent: 0, events: 1 });
    expect([events[0]?.days[21], events[0]?.days[29]]).toEqual([
      { events: 1, twins: 1 },
      { events: 2, twins: 2 },
    ]);
  });

  it("is nothing for a dataset that none were sent to, and for another shop", async () => {
    const pipeline = await testPipeline();
    await view(pipeline, 1);
    expect((await quality(pipeline, { id: 2, dataset: "999" })).events).toEqual([]);
    const stranger = { ...pipeline.shop(), id: 77 };
    expect(
      (await matchQualityOf(pipeline.store, stranger, { id: 1, dataset: DATASET }, pipeline.clock.now())).events,
    ).toEqual([]);
  });

  it("is narrowed by source, device and country, each adding up to all", async () => {
    const pipeline = await testPipeline();
    for (const n of [1, 2, 3]) await view(pipeline, n);
    const { store, shop, clock } = pipeline;
    const groups = await groupsOf(store, shop(), { id: 1, dataset: DATASET }, "PageView", clock.now());
    for (const dimension of ["source", "device", "country", "recognise"] as const) {
      const server = groups[dimension].filter(({ leg }) => leg === "server");
      expect(server.reduce((sum, { events }) => sum + events, 0)).toBe(3);
      expect(server.reduce((sum, { sent }) => sum + sent.fbp, 0)).toBe(1);
    }
    expect(groups.device.filter(({ leg }) => leg === "browser")).toMatchObject([{ events: 3, sent: { fbp: 1 } }]);
  });

  it("is forgotten with the shop", async () => {
    const pipeline = await testPipeline();
    await view(pipeline, 1);
    const store = openStore(pipeline.path);
    while ((await store.eraseOfShop(pipeline.shop().id, 100)) > 0);
    await store.close();
    expect((await quality(pipeline)).events).toEqual([]);
  });
});
