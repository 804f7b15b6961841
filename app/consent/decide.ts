import type { ConsentSignal } from "../events/event";
import {
  type LimitedDataUse,
  limitedDataUseOf,
  POLICY,
  type Region,
  type Ruling,
  regionOf,
  type Signal,
} from "./policy";

export interface ConsentInputs {
  /** ISO alpha-2, upper case; null: unknown. */
  country: string | null;
  usState: string | null;
  /** The event comes from a beacon alone: no address is known, its booleans decide. */
  beacon: boolean;
  /** The last signal heard; null: none. */
  signal: ConsentSignal | null;
}

/** A decision with all that led to it; kept with the event as JSON. */
export interface ConsentDecision {
  policy: number;
  region: Region;
  country: string | null;
  usState: string | null;
  signal: Signal;
  ruling: Ruling;
  limitedDataUse: LimitedDataUse | null;
}

/** Pure: looks the ruling up in the policy table. */
export function decideConsent({ country, usState, beacon, signal: heard }: ConsentInputs): ConsentDecision {
  const region = beacon ? "browser" : regionOf(country);
  const signal = signalOf(heard);
  const ruling = POLICY.rulings[region][signal];
  return {
    policy: POLICY.version,
    region,
    country,
    usState,
    signal,
    ruling,
    limitedDataUse: ruling === "limited" ? limitedDataUseOf(beacon ? null : usState) : null,
  };
}

/** Whether a region cannot decide without a signal: then it is worth waiting for one. */
export function needsSignal(country: string | null): boolean {
  return POLICY.rulings[regionOf(country)].none === "no_consent_signal";
}

function signalOf(heard: ConsentSignal | null): Signal {
  if (heard === null) return "none";
  if (!heard.marketing) return "refused";
  return heard.saleOfData ? "given" : "sale_opt_out";
}
