import type { StoreName } from "../store";
import { clockSkew } from "./clock-skew";
import { deadToken } from "./dead-token";
import { diskFull } from "./disk-full";
import { kills } from "./kills";
import { outage } from "./outage";
import { poison } from "./poison";
import { postgresRestarted } from "./postgres-restarted";
import { repeats } from "./repeats";
import type { Scenario } from "./scenario";
import { refusedBeforeTaking, takenAnswerLost } from "./weather";
import { fourWorkers, twoWorkers } from "./workers";

const ONE_SERVER = "a SQLite file takes one server";

/** Those that make no sense on a store, and why. */
const MISPLACED: Record<StoreName, ReadonlyMap<Scenario, string>> = {
  sqlite: new Map([
    [fourWorkers, ONE_SERVER],
    [twoWorkers, ONE_SERVER],
    [postgresRestarted, "there is no database server underneath"],
  ]),
  postgres: new Map(),
};

/** The longest first, so that none of them is waited for alone at the end. */
const ALL: readonly Scenario[] = [
  refusedBeforeTaking,
  outage,
  takenAnswerLost,
  fourWorkers,
  kills,
  twoWorkers,
  postgresRestarted,
  repeats,
  clockSkew,
  deadToken,
  diskFull,
  poison,
];

/** What is played on a store. */
export function scenariosOn(store: StoreName): Scenario[] {
  return ALL.filter((scenario) => !MISPLACED[store].has(scenario));
}

/** What is not played on a store, each with the reason in words. */
export function misplacedOn(store: StoreName): { name: string; because: string }[] {
  return [...MISPLACED[store]].map(([{ name }, because]) => ({ name, because }));
}
