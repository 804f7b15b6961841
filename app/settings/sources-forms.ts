import { z } from "zod";
import { ORDER_SOURCE_NAMES, ORDER_SOURCES } from "../events/order-sources";
import { entriesOf, type Faults, faultsByField, json, typedList } from "./form-fields";
import { type Settings, settingsSchema } from "./settings";

/** Which new customer records are registrations. */
export const REGISTRATIONS = {
  account: {
    label: "Customers with an account",
    help: "Only records that Shopify calls enabled: somebody can sign in.",
  },
  every: {
    label: "Every new customer record",
    help: "Also those that a newsletter form or a till wrote down. Records of an order or an import never count.",
  },
} as const satisfies Record<Settings["registrations"], { label: string; help: string }>;

const choices = json.pipe(z.record(z.string(), z.string()));

/** What the Sources page sends: only what was touched. */
export const sourcesForm = z.object({
  /** Treatments by source. */
  sources: choices.optional(),
  /** Treatments by trait; '' leaves it to the source. */
  traits: choices.optional(),
  /** As it was typed. */
  renewalApps: typedList.optional(),
  registrations: z.string().optional(),
});

export type SourcesForm = z.output<typeof sourcesForm>;

/** The settings with what the page says; or a message for each of its fields that is not as it should be. */
export function withSourcesForm(
  settings: Settings,
  { sources = {}, traits = {}, renewalApps, registrations }: SourcesForm,
): { settings: Settings } | { faults: Faults } {
  const { matrix } = settings;
  const candidate = {
    ...settings,
    matrix: {
      sources: without({ ...matrix.sources, ...sources }, isDefault),
      traits: without({ ...matrix.traits, ...traits }, (_trait, treatment) => treatment === ""),
      renewalApps: renewalApps === undefined ? matrix.renewalApps : entriesOf(renewalApps),
    },
    registrations: registrations ?? settings.registrations,
  };
  const parsed = settingsSchema.safeParse(candidate);
  return parsed.success ? { settings: parsed.data } : { faults: faultsByField(parsed.error, candidate) };
}

/** What a merchant leaves at its default is left out, like what they never touched. */
function isDefault(source: string, treatment: string): boolean {
  const name = ORDER_SOURCE_NAMES.find((one) => one === source);
  return name !== undefined && ORDER_SOURCES[name].default === treatment;
}

function without(choices: Record<string, string>, leftOut: (name: string, treatment: string) => boolean) {
  return Object.fromEntries(Object.entries(choices).filter(([name, treatment]) => !leftOut(name, treatment)));
}
