import { z } from "zod";
import {
  CONSENT_SOURCE_NAMES,
  CONSENT_SOURCES,
  type ConsentPolicy,
  type ConsentSource,
  choiceFor,
  defaultFor,
  REGION_NAMES,
  REGIONS,
  type Region,
  SIGNAL_NAMES,
  SIGNALS,
  type Signal,
} from "../consent/policy";
import { type Faults, json } from "./form-fields";
import { type Settings, settingsSchema } from "./settings";

const choicesBySource = z.partialRecord(
  z.enum(CONSENT_SOURCE_NAMES),
  z.partialRecord(z.enum(SIGNAL_NAMES), z.string()),
);

/** What the Consent page sends: only what was touched. */
export const consentForm = z.object({
  choices: json.pipe(z.partialRecord(z.enum(REGION_NAMES), choicesBySource)),
});

export type ConsentForm = z.output<typeof consentForm>;

/** The settings with what the page says; or a message for each of its fields that is not as it should be. */
export function withConsentForm(
  settings: Settings,
  { choices: touched }: ConsentForm,
): { settings: Settings } | { faults: Faults } {
  const { consent } = settings;
  const faults: Faults = {};
  const choices: Record<string, Record<string, Record<string, string>>> = {};
  for (const field of FIELDS) {
    const { region, source, signal } = field;
    const chosen = touched[region]?.[source]?.[signal] ?? chosenIn(consent, field);
    if (!isChoice(signal, chosen)) {
      const place = `${REGIONS[region].label}, ${CONSENT_SOURCES[source].label}`;
      faults[signal] = `${place}: of a shopper who ${SIGNALS[signal].label} that cannot be chosen.`;
    }
    if (chosen === defaultFor(region, signal)) continue;
    choices[region] ??= {};
    choices[region][source] = { ...choices[region][source], [signal]: chosen };
  }
  if (Object.keys(faults).length > 0) return { faults };
  const parsed = settingsSchema.parse({ ...settings, consent: { revision: consent.revision, choices } });
  const changed = FIELDS.some((field) => chosenIn(parsed.consent, field) !== chosenIn(consent, field));
  const revision = changed ? consent.revision + 1 : consent.revision;
  return { settings: { ...parsed, consent: { ...parsed.consent, revision } } };
}

function isChoice(signal: Signal, chosen: string): boolean {
  return SIGNALS[signal].choices.some((one) => one === chosen);
}

interface Field {
  region: Region;
  source: ConsentSource;
  signal: Signal;
}

const FIELDS: readonly Field[] = REGION_NAMES.flatMap((region) =>
  CONSENT_SOURCE_NAMES.flatMap((source) => SIGNAL_NAMES.map((signal) => ({ region, source, signal }))),
);

function chosenIn(policy: ConsentPolicy, { region, source, signal }: Field) {
  return choiceFor(policy, { region, source }, signal);
}
