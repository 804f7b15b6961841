import { setTimeout as sleep } from "node:timers/promises";
import type { WeatherStep } from "../../simulators/meta/server";
import type { House } from "../house";
import { crowd } from "../messages";
import type { Writer } from "../writer";
import { nextRequest } from "./in-flight";
import type { Scenario, Size } from "./scenario";

/** Beyond our own patience with Meta: the socket stays open and nothing comes. */
const HALF_OPEN_MS = 11_500;
const SHORT_MS = 700;

const REFUSED: readonly WeatherStep[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 500, body: "html" },
  { kind: "status", status: 502, body: "garbage" },
  { kind: "status", status: 503, headers: { "retry-after": "2" } },
  { kind: "status", status: 429, body: "html", headers: { "retry-after": "1" } },
  { kind: "status", status: 200, body: "html" },
  { kind: "status", status: 200, body: "garbage" },
  { kind: "error", code: 2 },
  { kind: "cut", count: 2 },
  { kind: "timeout", ms: SHORT_MS },
];

/** A 429 that names no time pauses the dataset for a minute: the last of all, so that no more has to be waited for. */
const PAUSES: WeatherStep = { kind: "status", status: 429 };

const ANSWER_LOST: readonly WeatherStep[] = [
  { kind: "taken_then_cut", count: 2 },
  { kind: "taken_then_garbage", count: 2 },
  { kind: "taken_then_timeout", ms: SHORT_MS, count: 2 },
  { kind: "latency", ms: 100 },
];

/** Meta takes nothing and says so in every way it knows. */
export const refusedBeforeTaking: Scenario = {
  name: "refused_before_taking",
  says: "Meta answers 500, 429, HTML, garbage, cuts, times out, leaves sockets half open: refused before taking",
  play: (house, writer, size) =>
    writeThrough(
      house,
      [...inOrder(house, REFUSED, { kind: "timeout", ms: HALF_OPEN_MS }, size), PAUSES],
      size,
      writer,
    ),
};

/** Meta takes the events and we are not told. */
export const takenAnswerLost: Scenario = {
  name: "taken_answer_lost",
  says: "Meta takes events and cuts, times out, leaves sockets half open, answers garbage: taken with the answer lost",
  play: (house, writer, size) =>
    writeThrough(
      house,
      inOrder(house, ANSWER_LOST, { kind: "taken_then_timeout", ms: HALF_OPEN_MS }, size),
      size,
      writer,
    ),
};

const LULL_MS = 200;
/** So long the next step may keep us waiting: a request waits to be filled, and for a while after one that failed. */
const NEXT_STEP_MS = 4_000;
/** Beyond every such pause, when that is not enough. */
const LONG_MS = 65_000;
const MOST_STEPS = 60;

/** The steps in an order of chance; in a hurry each once, and without the one that takes as long as Meta's timeout. */
function inOrder(
  { random }: House,
  quick: readonly WeatherStep[],
  long: WeatherStep,
  { patient }: Size,
): WeatherStep[] {
  return random.shuffled(patient ? [...quick, long] : quick.map((step) => ({ ...step, count: 1 })));
}

/** Writes while one step after the other strikes. */
async function writeThrough(house: House, steps: WeatherStep[], { events }: Size, writer: Writer): Promise<void> {
  const { random, meta } = house;
  const messages = crowd(random, events);
  meta.weather.script(steps);
  house.start();
  await house.listening();
  const portion = Math.ceil(messages.length / steps.length);
  for (const [index] of steps.entries()) {
    await writer.send(messages.slice(index * portion, (index + 1) * portion));
    await sleep(LULL_MS);
  }
  // Who comes new is tried soon; those who were refused wait for a later time.
  for (let step = 0; step < MOST_STEPS && meta.weather.forecast().length > 0; step += 1) {
    await writer.send(crowd(random, 1));
    if (!(await nextRequest(house, NEXT_STEP_MS))) await house.travel(LONG_MS);
  }
  const left = meta.weather.forecast();
  if (left.length > 0) house.complaints.push(`weather that never struck: ${JSON.stringify(left)}`);
  meta.weather.script([]);
}
