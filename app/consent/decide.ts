import type { ConsentSignal } from "../events/event";
import type { OrderSource } from "../events/order-sources";
import {
  type Choice,
  CONSENT_SOURCE_OF,
  type ConsentPolicy,
  type ConsentSource,
  choiceFor,
  type LimitedDataUse,
  limitedDataUseOf,
  type Region,
  regionOf,
  type Signal,
  versionOf,
} from "./policy";

export interface ConsentInputs {
  /** ISO alpha-2, upper case; null: unknown. */
  country: string | null;
  usState: string | null;
  source: OrderSource;
  /** The event comes from a beacon alone: no address is known, its booleans decide. */
  beacon: boolean;
  /** Whether the browser's IP address goes with it. */
  ipKnown: boolean;
  /** The last signal heard; null: none. */
  signal: ConsentSignal | null;
  /** The moment of the decision, epoch milliseconds. */
  at: number;
}

/** `consent_refused` and `no_consent_signal` are the reasons why nothing is sent. */
export type Ruling = "send" | "limited" | "consent_refused" | "no_consent_signal";

/** A decision with all that led to it; kept with the event as JSON. */
export interface ConsentDecision {
  /** Version of the table, and of what the shop has chosen in it. */
  policy: string;
  /** `browser`: a beacon's, which knows no address. */
  region: Region | "browser";
  source: ConsentSource | null;
  country: string | null;
  usState: string | null;
  signal: Signal;
  ruling: Ruling;
  limitedDataUse: LimitedDataUse | null;
  /** Epoch milliseconds. */
  at: number;
}

/** Pure: looks the choice up in the shop's policy. */
export function decideConsent(
  { country, usState, source, beacon, ipKnown, signal: heard, at }: ConsentInputs,
  policy: ConsentPolicy,
): ConsentDecision {
  const place = beacon ? null : { region: regionOf(country), source: CONSENT_SOURCE_OF[source] };
  const signal = signalOf(heard);
  const ruling = rulingOf(choiceFor(policy, place, signal), signal);
  return {
    policy: versionOf(policy),
    region: place?.region ?? "browser",
    source: place?.source ?? null,
    country,
    usState,
    signal,
    ruling,
    limitedDataUse: ruling === "limited" ? limitedDataUseOf(beacon ? null : usState, ipKnown) : null,
    at,
  };
}

function rulingOf(choice: Choice, signal: Signal): Ruling {
  if (choice !== "withhold") return choice;
  return signal === "none" ? "no_consent_signal" : "consent_refused";
}

/** Whether nothing may be sent without a signal: then it is worth waiting for one. */
export function needsSignal(
  { country, source }: Pick<ConsentInputs, "country" | "source">,
  policy: ConsentPolicy,
): boolean {
  return choiceFor(policy, { region: regionOf(country), source: CONSENT_SOURCE_OF[source] }, "none") === "withhold";
}

function signalOf(heard: ConsentSignal | null): Signal {
  if (heard === null) return "none";
  if (!heard.marketing) return "refused";
  return heard.saleOfData ? "given" : "sale_opt_out";
}
