import { z } from "zod";
import {
  CHOICES,
  CONSENT_SOURCE_NAMES,
  CONSENT_SOURCES,
  REGION_NAMES,
  REGIONS,
  SIGNAL_NAMES,
  SIGNALS,
} from "../consent/policy";

/** As it stands with the event; a decision of before the shop could choose says neither source nor time. */
const decision = z.object({
  policy: z.union([z.string(), z.number()]).transform(String),
  region: z.enum([...REGION_NAMES, "browser"]),
  source: z.enum(CONSENT_SOURCE_NAMES).nullable().default(null),
  country: z.string().nullable(),
  usState: z.string().nullable(),
  signal: z.enum(SIGNAL_NAMES),
  ruling: z.enum(["send", "limited", "consent_refused", "no_consent_signal"]),
  at: z.number().nullable().default(null),
});

export interface ConsentWords {
  /** What was known: where, by what way, and what the shopper said. */
  known: string;
  /** What the table makes of it. */
  ruling: string;
  /** Which table. */
  policy: string;
  /** When it was decided, epoch milliseconds; null: not written down. */
  at: number | null;
}

const RULINGS: Readonly<Record<z.output<typeof decision>["ruling"], string>> = {
  send: CHOICES.send.label,
  limited: CHOICES.limited.label,
  consent_refused: CHOICES.withhold.label,
  no_consent_signal: CHOICES.withhold.label,
};

/** Why an event was sent, or was not; null where the stored JSON is not a decision. */
export function consentWords(stored: string): ConsentWords | null {
  const parsed = decision.safeParse(jsonOf(stored));
  if (!parsed.success) return null;
  const { policy, region, source, country, usState, signal, ruling, at } = parsed.data;
  const address = [country ?? "no country known", ...(usState === null ? [] : [usState])].join(", ");
  const place =
    region === "browser"
      ? "A page of the shop, which knows no address"
      : [REGIONS[region].label, ` (${address})`, source === null ? "" : `, ${CONSENT_SOURCES[source].label}`].join("");
  const said = SIGNALS[signal].label;
  return {
    known: `${place}: the shopper ${said}.`,
    ruling: RULINGS[ruling],
    policy: `Version ${policy} of the table`,
    at,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
