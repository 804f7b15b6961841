import { clockSkew } from "./clock-skew";
import { deadToken } from "./dead-token";
import { diskFull } from "./disk-full";
import { kills } from "./kills";
import { outage } from "./outage";
import { poison } from "./poison";
import { repeats } from "./repeats";
import type { Scenario } from "./scenario";
import { refusedBeforeTaking, takenAnswerLost } from "./weather";

/** The longest first, so that none of them is waited for alone at the end. */
export const SCENARIOS: readonly Scenario[] = [
  kills,
  refusedBeforeTaking,
  takenAnswerLost,
  outage,
  deadToken,
  repeats,
  clockSkew,
  poison,
  diskFull,
];
