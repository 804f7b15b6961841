import { untilNothingWaits } from "./calm";
import { openHouse } from "./house";
import { seededRandom } from "./random";
import { type Recount, recount } from "./recount";
import type { Scenario, Size } from "./scenarios/scenario";
import type { StoreMaker } from "./store";
import { openWriter } from "./writer";

interface RunOptions {
  scenarios: readonly Scenario[];
  seed: number;
  size: Size;
  /** How many scenarios run at once. */
  lanes: number;
  stores: StoreMaker;
  /** Progress for a person. */
  tell: (words: string) => void;
}

/** Plays the scenarios, each in a house of its own, and recounts them; in their order. */
export async function runScenarios({ scenarios, lanes, ...options }: RunOptions): Promise<Recount[]> {
  const recounts: Recount[] = [];
  const queue = scenarios.entries();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const [index, scenario] of queue) recounts[index] = await runScenario(scenario, options);
    }),
  );
  return recounts;
}

async function runScenario(
  scenario: Scenario,
  { seed, size, stores, tell }: Omit<RunOptions, "scenarios" | "lanes">,
): Promise<Recount> {
  const started = performance.now();
  const house = await openHouse({
    store: await stores.fresh(),
    random: seededRandom(seed, scenario.name),
    servers: scenario.servers ?? [{ role: "all" }],
  });
  const writer = openWriter(house);
  try {
    try {
      await scenario.play(house, writer, size);
      await untilNothingWaits(house);
      await house.stop();
    } catch (error) {
      house.complaints.push(`it came to a halt: ${error instanceof Error ? error.message : error}`);
    }
    const counted = await recount(scenario.name, house, writer);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    tell(
      `${scenario.name}: ${scenario.says} (${seconds} s, window ${counted.result.window} of at most ${counted.bound})`,
    );
    const errors = isGood(counted) ? [] : house.errors().map((error) => `its log says: ${error}`);
    for (const words of [...counted.complaints, ...counted.named].slice(0, MOST_WORDS).concat(errors))
      tell(`  ${words}`);
    return counted;
  } finally {
    writer.stop();
    await house.close();
  }
}

const MOST_WORDS = 20;

/** Lost 0, doubled 0, and nothing to complain of. */
export function isGood({ result, complaints }: Recount): boolean {
  return result.lost === 0 && result.doubled === 0 && complaints.length === 0;
}
