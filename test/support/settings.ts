import type { Lookups, OrderAnswer } from "~/lookup/lookups";
import type { DatasetPolicy } from "~/settings/dataset-policy";
import { parseSettings, type Settings, settingsSchema, withPolicy, withToggles } from "~/settings/settings";
import type { ToggleChanges } from "~/settings/toggles";
import { DATASET, NOBODY_TO_ASK, type TestPipeline } from "./pipeline";

/** Changes a shop's settings as the admin does: read, changed, checked and written as one. */
export async function settle(pipeline: TestPipeline, change: (settings: Settings) => unknown): Promise<void> {
  const { store, registry, shop } = pipeline;
  await store.changeSettings(shop().id, (stored) =>
    JSON.stringify(settingsSchema.parse(change(parseSettings(stored)))),
  );
  await registry.refresh();
}

export function switchOn(pipeline: TestPipeline, ...events: (keyof ToggleChanges)[]): Promise<void> {
  const changes = Object.fromEntries(events.map((event) => [event, { server: true }]));
  return settle(pipeline, (settings) => withToggles(settings, changes));
}

export function switchOff(pipeline: TestPipeline, ...events: (keyof ToggleChanges)[]): Promise<void> {
  const changes = Object.fromEntries(events.map((event) => [event, { server: false }]));
  return settle(pipeline, (settings) => withToggles(settings, changes));
}

export function policy(pipeline: TestPipeline, changes: Partial<DatasetPolicy>, dataset = DATASET): Promise<void> {
  return settle(pipeline, (settings) => withPolicy(settings, dataset, changes));
}

/** Shopify answers of these orders, and of nothing else. */
export function ordersAnswered(answers: Record<string, Partial<OrderAnswer>>): Lookups {
  const known = Object.entries(answers).map(
    ([id, answer]) => [id, { firstOrder: null, subscription: null, ...answer }] as const,
  );
  const orders: Lookups["orders"] = async (_shop, ids) => ({
    told: new Map(known.filter(([id]) => ids.includes(id))),
    unasked: new Set(),
  });
  return { ...NOBODY_TO_ASK, orders };
}
