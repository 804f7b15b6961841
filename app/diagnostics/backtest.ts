import type { RuleBase } from "../events/rules";

/** What a rule would have made of the events that are still known. */
export interface Backtest {
  base: RuleBase;
  /** Meta's number of the dataset whose events were looked at: each dataset has its own copy of each. */
  dataset: string;
  /** How far back what is known reaches, in days with a fraction, 90 at the most. */
  days: number;
  /** How many events were looked at. */
  rows: number;
  /** There are more, which are older. */
  cut: boolean;
  yes: number;
  no: number;
  cannotTell: number;
  /** Of the yes: those that consent kept back, and would have kept back under the rule's name too. */
  withheld: number;
  /** What the yes were worth, a sum a currency, the largest number of events first. */
  values: { currency: string; amount: string; count: number }[];
  /** Of the yes: those of unknown value. */
  worthless: number;
  /** The yes of each seven days, the oldest first; the last ends now. */
  weeks: number[];
}

const WEEK_DAYS = 7;

/** About how many a week; null: there is too little to say. */
export function perWeek({ yes, days }: Pick<Backtest, "yes" | "days">): number | null {
  return days < WEEK_DAYS ? null : Math.round((yes / days) * WEEK_DAYS);
}
