import { z } from "zod";
import type { Leg } from "../events/catalog";
import type { EventName } from "../events/names";
import {
  ORDER_SOURCE_NAMES,
  ORDER_SOURCES,
  ORDER_TRAIT_NAMES,
  type OrderSource,
  type OrderTrait,
  TREATMENTS,
  type Treatment,
} from "../events/order-sources";
import { alertsSchema } from "./alerts";
import { consentSchema } from "./consent";
import { type DatasetPolicy, DEFAULT_POLICY, policySchema } from "./dataset-policy";
import { rulesSchema } from "./rules";
import { isLegOn, switched, type ToggleChanges, togglesSchema } from "./toggles";

const treatment = z.enum(Object.keys(TREATMENTS) as [Treatment, ...Treatment[]]);

/** The sources matrix; what is left out has the table's default. */
const matrix = z.strictObject({
  sources: z.partialRecord(z.enum(ORDER_SOURCE_NAMES as [OrderSource, ...OrderSource[]]), treatment).default({}),
  /** What an order is besides; without an entry its source decides. */
  traits: z.partialRecord(z.enum(ORDER_TRAIT_NAMES as [OrderTrait, ...OrderTrait[]]), treatment).default({}),
  /** Apps whose orders are renewals: their ids, or the names they give as an order's source. */
  renewalApps: z
    .array(z.string().trim().toLowerCase().min(1).max(100))
    .max(50, "there may be 50 at the most")
    .default([]),
});

/**
 * A shop's settings, version 2: shared by the forms, their actions and the command line. What a stored document leaves out
 * has its default, so a new event or setting needs no migration.
 */
export const settingsSchema = z.strictObject({
  version: z.literal(2),
  toggles: togglesSchema.default({}),
  matrix: matrix.prefault({}),
  /** Which new customer records are registrations: those with an account, or every one. */
  registrations: z.enum(["account", "every"]).default("account"),
  /** By Meta's number of the dataset. */
  datasets: z.record(z.string().regex(/^\d{1,20}$/), policySchema).default({}),
  rules: rulesSchema.default([]),
  consent: consentSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: 2 });

/** Version 1 knew toggles only. */
const anyVersion = z.union([
  settingsSchema,
  z
    .strictObject({ version: z.literal(1), toggles: togglesSchema })
    .transform(({ toggles }): Settings => ({ ...DEFAULT_SETTINGS, toggles })),
]);

/** A stored document. Throws when it is of a version that this code does not know. */
export function parseSettings(stored: string): Settings {
  return anyVersion.parse(JSON.parse(stored));
}

/** How a dataset wants its events. `dataset`: Meta's number; null: none in particular. */
export function policyOf(settings: Settings, dataset: string | null): DatasetPolicy {
  return (dataset === null ? undefined : settings.datasets[dataset]) ?? DEFAULT_POLICY;
}

/** Whether a leg of an event is on; for one dataset, or for the shop as a whole. */
export function isOn(settings: Settings, event: EventName, leg: Leg, dataset: string | null = null): boolean {
  return isLegOn([policyOf(settings, dataset).toggles, settings.toggles], event, leg);
}

/** The settings with these legs switched, for the shop as a whole or for one dataset. */
export function withToggles(settings: Settings, changes: ToggleChanges, dataset: string | null = null): Settings {
  const isNowOn = (event: EventName, leg: Leg) => isOn(settings, event, leg, dataset);
  if (dataset === null) return { ...settings, toggles: switched(settings.toggles, changes, isNowOn) };
  const policy = policyOf(settings, dataset);
  return withPolicy(settings, dataset, { toggles: switched(policy.toggles, changes, isNowOn) });
}

/** The settings with something of a dataset's policy changed. */
export function withPolicy(settings: Settings, dataset: string, changes: Partial<DatasetPolicy>): Settings {
  const policy = { ...policyOf(settings, dataset), ...changes };
  return { ...settings, datasets: { ...settings.datasets, [dataset]: policy } };
}

/** What the matrix says of an order. A trait with an entry goes before the source. */
export function treatmentOf(
  { matrix: { sources, traits } }: Settings,
  order: { source: OrderSource; traits: readonly OrderTrait[] },
): Treatment {
  const byTrait = order.traits.map((trait) => traits[trait]).find((chosen) => chosen !== undefined);
  return byTrait ?? sources[order.source] ?? ORDER_SOURCES[order.source].default;
}
