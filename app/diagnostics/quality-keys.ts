import { MATCH_KEYS, type Tier, tierOf } from "../match-keys/keys";
import { type Grade, gradeOf, type KeyName, type LegCoverage } from "./match-quality";

/** A key as a page shows it. A page gets these from its loader: the table itself brings all normalisers with it. */
export interface KeyWords {
  key: KeyName;
  label: string;
  tier: Tier;
}

export const QUALITY_KEYS: readonly KeyWords[] = MATCH_KEYS.map(({ key, label, tier }) => ({ key, label, tier }));

/** Those that Meta gives a high or a medium priority, and that a shop can know. */
export const WEIGHTY_KEYS: readonly KeyWords[] = QUALITY_KEYS.filter(
  ({ key, tier }) => (tier === "high" || tier === "medium") && key !== "db",
);

export function graded(leg: LegCoverage): Grade | null {
  return gradeOf(leg, tierOf);
}
