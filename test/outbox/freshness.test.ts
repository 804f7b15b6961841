import { expect, it } from "vitest";
import { freshness, leavingOf } from "~/outbox/freshness";

const NOW = Date.UTC(2026, 10, 20, 10);

const row = (name: string, over: object = {}) => ({ datasetId: 1, name, outcome: "waiting", runAt: NOW, ...over });

it("lets a Purchase leave within two seconds and a page view within ten, a quarter of a second before it is too late", () => {
  expect(leavingOf([row("Purchase")], NOW)).toEqual([{ datasetId: 1, events: 1, withinMs: 1_750 }]);
  expect(leavingOf([row("PageView")], NOW)).toEqual([{ datasetId: 1, events: 1, withinMs: 9_750 }]);
});

it("tells the store the same", () => {
  expect(freshness(1_000)).toEqual({
    patient: ["PageView", "ViewContent", "Search", "AddToCart"],
    patientMs: 9_750,
    ms: 1_750,
    full: 1_000,
  });
});

it("takes an event by a name of the merchant's own for an urgent one", () => {
  expect(leavingOf([row("VipOrder")], NOW)).toMatchObject([{ withinMs: 1_750 }]);
});

it("counts what leaves together, by dataset, and goes by the most urgent", () => {
  const rows = [row("PageView"), row("Purchase"), row("PageView", { datasetId: 2 })];
  expect(leavingOf(rows, NOW)).toEqual([
    { datasetId: 1, events: 2, withinMs: 1_750 },
    { datasetId: 2, events: 1, withinMs: 9_750 },
  ]);
});

it("says nothing of what waits for something else or has ended", () => {
  const rows = [
    row("Purchase", { runAt: NOW + 1 }),
    row("Purchase", { outcome: "skipped" }),
    row("Purchase", { outcome: "rejected", runAt: null }),
  ];
  expect(leavingOf(rows, NOW)).toEqual([]);
});
