import { expect, it } from "vitest";
import { argumentsOf, BadArgument } from "./arguments";
import { runScenarios } from "./run";
import { kills } from "./scenarios/kills";
import { poison } from "./scenarios/poison";
import { takenAnswerLost } from "./scenarios/weather";
import { openStoreMaker, StoreMissing } from "./store";

/** The whole harness is `npm run faults`; this is as much of it as every run of the suite can afford. */
it("loses and doubles nothing when it is killed, when answers are lost and when events are poison", async () => {
  const stores = await openStoreMaker("sqlite");
  const words: string[] = [];
  try {
    const recounts = await runScenarios({
      scenarios: [kills, poison, takenAnswerLost],
      seed: 20_261_120,
      size: { kills: 2, events: 60, patient: false },
      lanes: 2,
      stores,
      tell: (line) => words.push(line),
    });
    const bad = recounts.flatMap(({ named, complaints }) => [...named, ...complaints]);
    expect(bad, words.join("\n")).toEqual([]);
    expect(recounts.map(({ result }) => [result.name, result.lost, result.doubled])).toEqual([
      ["kill_9", 0, 0],
      ["poison_1_in_500", 0, 0],
      ["taken_answer_lost", 0, 0],
    ]);
    expect(recounts.every(({ result }) => result.acknowledged >= 60)).toBe(true);
    expect(recounts[1]?.result.rejected).toBe(4);
    expect(recounts[2]?.result.window).toBeGreaterThan(0);
  } finally {
    await stores.close();
  }
}, 120_000);

it.each([
  ["--kills", "-1"],
  ["--kills", "x"],
  ["--seed", "1.5"],
  ["--store", "mysql"],
  ["--only", "rain"],
  ["--what"],
])("refuses %s %s", (...args) => {
  expect(() => argumentsOf(args)).toThrow(BadArgument);
});

it("says that it runs on SQLite only as yet", async () => {
  await expect(openStoreMaker("postgres")).rejects.toThrow(StoreMissing);
});
