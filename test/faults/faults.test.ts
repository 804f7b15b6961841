import { expect, inject, it } from "vitest";
import { runScenarios } from "./run";
import { kills } from "./scenarios/kills";
import { poison } from "./scenarios/poison";
import { postgresRestarted } from "./scenarios/postgres-restarted";
import type { Scenario } from "./scenarios/scenario";
import { takenAnswerLost } from "./scenarios/weather";
import { twoWorkers } from "./scenarios/workers";
import { openStoreMaker, type StoreName } from "./store";

const SMOKE: Record<StoreName, readonly Scenario[]> = {
  sqlite: [kills, takenAnswerLost, poison],
  postgres: [twoWorkers, postgresRestarted],
};

/** The whole harness is `npm run faults`; this is as much of it as every run of the suite can afford. */
it("loses and doubles nothing, whoever dies and whatever answer is lost", async () => {
  const store = inject("store");
  const scenarios = SMOKE[store];
  const stores = await openStoreMaker(store);
  const words: string[] = [];
  try {
    const recounts = await runScenarios({
      scenarios,
      seed: 20_261_120,
      size: { kills: 2, events: 60, patient: false },
      lanes: 3,
      stores,
      tell: (line) => words.push(line),
    });
    const bad = recounts.flatMap(({ named, complaints }) => [...named, ...complaints]);
    expect(bad, words.join("\n")).toEqual([]);
    expect(recounts.map(({ result }) => [result.name, result.lost, result.doubled])).toEqual(
      scenarios.map(({ name }) => [name, 0, 0]),
    );
    expect(recounts.every(({ result }) => result.acknowledged >= 60)).toBe(true);
    const of = (scenario: Scenario) => recounts[scenarios.indexOf(scenario)]?.result;
    if (scenarios.includes(poison)) expect(of(poison)?.rejected).toBe(4);
    if (scenarios.includes(takenAnswerLost)) expect(of(takenAnswerLost)?.window).toBeGreaterThan(0);
  } finally {
    stores.close();
  }
}, 180_000);
