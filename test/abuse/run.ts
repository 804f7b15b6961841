import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../faults/random";
import type { FaultStore } from "../faults/store";
import { lookAround, momentOf } from "./afterwards";
import type { Attack, Case, Kind } from "./attack";
import { leaksIn } from "./leaks";
import { compared, heldBy, type Memory, memoryWords } from "./memory";
import { openScene, type Scene } from "./scene";
import { dribble } from "./slow";
import { type Counts, openTally, type Tally } from "./tally";
import type { Answer } from "./wire";

/** What became of all hostile requests. */
export interface Report extends Counts {
  /** By kind; `afterwards` is what was found when they were over. */
  kinds: Record<string, Counts>;
  memory: Memory;
}

export interface RunOptions {
  kinds: readonly Kind[];
  seed: number;
  /** At least so many; each case of each kind is sent once, however few. */
  requests: number;
  /** Whether to wait until the server has hung up on whoever is too slow. */
  patient: boolean;
  /** Words for a person. */
  tell: (words: string) => void;
}

const SLOWLORIS = "slowloris";
const DOOR = "beside_them";

/** How many are under way at once. */
const LANES = 12;

/** Whoever asks meanwhile is answered before a patient client gives up, even on a machine that has others to serve. */
const PROMPT_MS = 10_000;
const PROBE_MS = 100;

/** Fires everything at a server of its own and looks at what it has done. */
export async function abuse(store: FaultStore, { kinds, seed, requests, patient, tell }: RunOptions): Promise<Report> {
  const tally = openTally();
  const scene = await openScene(store, seed);
  try {
    const before = await momentOf(scene);
    const plan = planOf(kinds, scene, seed, requests);
    const slow = dribble(scene.wire);
    const probes = probe(scene, tally);
    // Every kind has come by when half of them have: what is held then is what the work needs.
    const half = Math.ceil(plan.length / 2);
    const told: Attack[] = [];
    await fire(plan.slice(0, half), scene, tally, told);
    const warm = await heldBy(scene);
    await fire(plan.slice(half), scene, tally, told);
    const { requests: dribbled, held, takenWrongly } = await slow.over(patient);
    tally.requests(SLOWLORIS, dribbled);
    if (held > 0) tally.fault(SLOWLORIS, "crashes", `${held} connections were let speak on`, held);
    if (takenWrongly > 0) tally.fault(SLOWLORIS, "accepted_wrongly", `${takenWrongly} were answered`, takenWrongly);
    await probes.stop();
    const names = new Set(told.flatMap(({ tells = [] }) => tells));
    await lookAround(scene, before, names, tally);
    const memory = compared(warm, await heldBy(scene));
    for (const words of tally.words()) tell(words);
    tell(`memory: ${memoryWords(memory)}`);
    return { ...tally.total(), kinds: tally.kinds(), memory };
  } catch (error) {
    if (scene.ended() === null) throw error;
    throw new Error(`the server has ended; it said: ${scene.ended()}`, { cause: error });
  } finally {
    await scene.close();
  }
}

/** Nothing was broken, told or taken. */
export function isClean({ crashes, leaks, accepted_wrongly: accepted, memory }: Report): boolean {
  return crashes + leaks + accepted === 0 && memory.flat;
}

interface Planned {
  kind: string;
  /** Makes it when its turn has come: a session token lives for a minute. */
  attack: () => Attack;
}

/** Every case once, and more of them until there are enough; in an order of the seed's. */
function planOf(kinds: readonly Kind[], { aim }: Scene, seed: number, requests: number): Planned[] {
  const each = kinds.map(({ name, cases }) => ({ name, cases: cases(aim) }));
  const planned: Planned[] = [];
  const plan = (kind: string, one: Case) => {
    const random = seededRandom(seed, `${kind} ${planned.length}`);
    planned.push({ kind, attack: () => one(random) });
  };
  for (const { name, cases } of each) for (const one of cases) plan(name, one);
  for (let round = 0; planned.length < requests; round += 1) {
    for (const { name, cases } of each) {
      const one = cases[round % cases.length];
      if (one !== undefined && planned.length < requests) plan(name, one);
    }
  }
  return seededRandom(seed, "order").shuffled(planned);
}

async function fire(plan: readonly Planned[], scene: Scene, tally: Tally, told: Attack[]): Promise<void> {
  const queue = plan.values();
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const { kind, attack: make } of queue) {
        if (scene.ended() !== null) return;
        const attack = make();
        const answer = await sendOne(attack, scene);
        tally.requests(kind);
        told.push(attack);
        judge(kind, attack, answer, scene, tally);
      }
    }),
  );
  if (scene.ended() !== null) tally.fault(DOOR, "crashes", `the server has ended: ${scene.ended()}`);
}

function sendOne({ send }: Attack, { wire }: Scene): Promise<Answer> {
  return "bytes" in send ? wire.speak(send.bytes, send) : wire.ask(send);
}

function judge(kind: string, attack: Attack, answer: Answer, { canaries }: Scene, tally: Tally): void {
  const { status, statuses } = answer;
  const asked = () => `${nameOf(attack)} was answered ${statuses.join(", ") || "nothing"}`;
  const failed = status !== null && status >= 500 && !(status === 503 && answer.body === "overloaded");
  if (failed && !attack.right(answer)) tally.fault(kind, "crashes", `${asked()}: ${answer.body.slice(0, 200)}`);
  else if (!attack.right(answer)) {
    const fault = status === null ? "crashes" : "accepted_wrongly";
    tally.fault(kind, fault, `${asked()} ${answer.location ?? ""} ${answer.body.slice(0, 200)}`);
  }
  for (const what of leaksIn(answer, attack, canaries)) tally.fault(kind, "leaks", `${asked()} and holds ${what}`);
}

const SHOWN = 300;

function nameOf({ send }: Attack): string {
  if ("bytes" in send) return JSON.stringify(send.bytes.toString("latin1").slice(0, SHOWN));
  const { method, path, body = "" } = send;
  const { "content-type": type = "" } = send.headers;
  return `${method} ${path.replace(/id_token=[^&]+/, "id_token=…").slice(0, SHOWN)} ${type} ${JSON.stringify(body.toString("utf8").slice(0, 120))}`;
}

/** Somebody honest who asks all the while. */
function probe({ wire, ended }: Scene, tally: Tally): { stop(): Promise<void> } {
  let asking = true;
  const probing = (async () => {
    while (asking && ended() === null) {
      const { status, took } = await wire.ask({ method: "GET", path: "/healthz", headers: {} });
      tally.requests(DOOR);
      if (status !== 200) tally.fault(DOOR, "crashes", `/healthz was answered ${status}`);
      else if (took > PROMPT_MS) tally.fault(DOOR, "crashes", `/healthz took ${Math.round(took)} ms`);
      await sleep(PROBE_MS);
    }
  })();
  return {
    stop: async () => {
      asking = false;
      await probing;
    },
  };
}
