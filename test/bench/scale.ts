import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "~/store/migrate.server";
import { hasPostgres, type PrivatePostgres, startPostgres } from "../support/postgres";
import { inPostgres } from "../support/psql";
import { calm } from "./calm";
import { type Child, startChild } from "./child";
import { cpuOf, machineTime, sharesBetween } from "./cpu";
import {
  type BenchEnv,
  benchEnv,
  benchShop,
  openConnected,
  receiveAll,
  receiveOrder,
  receiveVisit,
  upTo,
} from "./load";
import { median, rounded } from "./medians";
import type { MetaQuestions } from "./meta-process";
import type { WorkerQuestions } from "./worker-process";

/** What so many worker processes did together; medians of all rounds. */
interface ScaleFigures {
  /** Events that Meta took, per second. */
  per_second: number;
  /** Microseconds for each of them: of the workers, of PostgreSQL's processes, of the stand-in for Meta. */
  worker_cpu_us: number;
  postgres_cpu_us: number;
  meta_cpu_us: number;
  /** How busy the machine was meanwhile, all processes of it: 1 is all its cores. */
  busy: number;
  /** What the hypervisor gave to other machines meanwhile: a measure with much of it says little. */
  stolen: number;
  /** How many times as long as at best a fixed piece of work took just before. */
  slowed: number;
}

interface KilledFigures {
  /** Requests of the killed process that Meta had and had not answered. */
  in_flight: number;
  /** Events that it had claimed and not settled. */
  orphaned: number;
  /** From its end until the last of those was delivered by another and settled. */
  seconds_until_settled: number;
  /** Events that Meta got twice. */
  twice: number;
}

export type ScaleResult = Record<string, ScaleFigures | KilledFigures | { four_to_one: number }>;

const LATENCY_MS = 200;
const LIMITS = { events: 100, inFlight: 4 };
const ROUNDS = 5;
/**
 * How many events are due, in how many datasets, and how many processes deliver them; each delivers `warmUp` events before
 * the measure begins, for a process compiles its code while it does its first work.
 */
const LOADS = {
  visits: { receive: receiveVisit, events: 56_000, warmUp: 6_000, datasets: 16, workers: [1, 2, 4] },
  orders_only: { receive: receiveOrder, events: 20_000, warmUp: 2_500, datasets: 16, workers: [1, 4] },
  visits_of_one_dataset: { receive: receiveVisit, events: 56_000, warmUp: 6_000, datasets: 1, workers: [1, 4] },
};

const MEASURE_MS = 6_000;
const LOOK_MS = 50;

const UNDER_WAY_MS = 2_500;
const LOOK_FOR_REST_MS = 1_000;
const DELIVERED_WITHIN_MS = 180_000;

/** How much of the load is left at least when a measure ends: the last events of a dataset fill no request. */
const REST = 0.1;

/**
 * How much more several worker processes deliver than one, where Meta takes its time: requests of 100 events, 4 in flight
 * per process. What is due was received before, as webhooks and beacons.
 */
export async function benchScale(): Promise<ScaleResult> {
  if (!hasPostgres()) throw new Error("PostgreSQL is not installed: several workers need it");
  const postgres = await startPostgres({ fsync: true });
  process.once("exit", postgres.stop);
  await setUp(postgres);
  const meta = await startChild<MetaQuestions>("test/bench/meta-process.ts", { latencyMs: LATENCY_MS });
  try {
    const loads = [];
    for (const [name, load] of Object.entries(LOADS)) {
      loads.push({ name, ...load, env: await loadedDatabase(postgres, name, load) });
    }
    return await measureAll(loads, { postgres, meta });
  } finally {
    await meta.kill();
    process.off("exit", postgres.stop);
    postgres.stop();
  }
}

/**
 * As its manual advises for a server of its own: a quarter of 2 GB as buffers, and a log that is long enough for the
 * checkpoints to come by the clock. With what it is installed with (128 MB, 1 GB) a measure is quick or slow by whether a
 * checkpoint fell into it. https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-SHARED-BUFFERS
 */
const SETTINGS = ["shared_buffers = '512MB'", "max_wal_size = '8GB'", "checkpoint_timeout = '30min'"];

async function setUp(postgres: PrivatePostgres): Promise<void> {
  for (const setting of SETTINGS) inPostgres(postgres.url("postgres"), `ALTER SYSTEM SET ${setting}`);
  await postgres.halt("fast");
  await postgres.start();
}

type Due = (typeof LOADS)[keyof typeof LOADS];

type Load = Due & {
  /** The database of that name holds what is due. */
  name: string;
  env: BenchEnv;
};

interface Scene {
  postgres: PrivatePostgres;
  meta: Child<MetaQuestions>;
}

async function loadedDatabase(
  postgres: PrivatePostgres,
  name: string,
  { receive, events, datasets }: Due,
): Promise<BenchEnv> {
  const address = postgres.url(name);
  inPostgres(postgres.url("postgres"), `CREATE DATABASE "${name}"`);
  await migrate({ path: address, root: process.cwd() });
  const env = benchEnv(address);
  const shops = upTo(datasets).map(benchShop);
  const { deps, close } = await openConnected(env, shops);
  await receiveAll(receive, shops, upTo(events), deps);
  await close();
  // Nobody is to begin before all are there.
  inPostgres(address, `UPDATE "Dataset" SET "heldReason" = 'bench'`);
  inPostgres(address, "VACUUM ANALYZE");
  return env;
}

async function measureAll(loads: readonly Load[], scene: Scene): Promise<ScaleResult> {
  const figures = new Map<string, ScaleFigures[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    // One after the other, so that whatever else the machine does meets all alike.
    for (const load of loads) {
      for (const count of load.workers) {
        const name = `${load.name}.${count}`;
        const slowed = await calm();
        const measured = {
          ...(await withWorkers(load, count, scene, (workers) => measure(workers, load, scene))),
          slowed,
        };
        figures.set(name, [...(figures.get(name) ?? []), measured]);
        const weather = `${rounded(measured.stolen, 2)} stolen, slowed ${rounded(slowed, 2)}`;
        process.stderr.write(`${name}: ${rounded(measured.per_second)} a second, ${weather}
`);
      }
    }
  }
  const results: ScaleResult = {};
  for (const [name, rounds] of figures) results[name] = medians(rounds);
  for (const { name } of loads) {
    const one = figures.get(`${name}.1`) ?? [];
    const four = figures.get(`${name}.4`) ?? [];
    const ratios = four.map(({ per_second }, round) => per_second / (one[round]?.per_second ?? Number.NaN));
    results[`${name}.ratio`] = { four_to_one: rounded(median(ratios), 2) };
  }
  const [first] = loads;
  if (first !== undefined) {
    results.killed = await withWorkers(first, 4, scene, (workers, address) => killOne(workers, address, scene));
  }
  return results;
}

interface Worker {
  /** What Meta knows it by. */
  name: string;
  process: Child<WorkerQuestions>;
}

/** Runs on a copy of the load. */
async function withWorkers<Result>(
  { name, env }: Load,
  count: number,
  { postgres, meta }: Scene,
  work: (workers: Worker[], address: string) => Promise<Result>,
): Promise<Result> {
  const root = postgres.url("postgres");
  inPostgres(root, `CREATE DATABASE "copy" TEMPLATE "${name}"`);
  const address = postgres.url("copy");
  await meta.ask("forget");
  const origin = await meta.ask("origin");
  const workers = await Promise.all(
    Array.from({ length: count }, async (_, n) => ({
      name: `worker-${n}`,
      process: await startChild<WorkerQuestions>(
        "test/bench/worker-process.ts",
        { role: "worker", limits: LIMITS },
        { ...env, DATABASE_URL: address, META_GRAPH_URL: `${origin}/worker-${n}` },
      ),
    })),
  );
  try {
    inPostgres(address, `UPDATE "Dataset" SET "heldReason" = NULL; UPDATE "SettingsVersion" SET "n" = "n" + 1`);
    return await work(workers, address);
  } finally {
    await Promise.all(workers.map(({ process: worker }) => worker.kill()));
    inPostgres(root, `DROP DATABASE "copy" WITH (FORCE)`);
  }
}

async function measure(
  workers: readonly Worker[],
  { events: due, warmUp }: Due,
  scene: Scene,
): Promise<Omit<ScaleFigures, "slowed">> {
  while ((await scene.meta.ask("taken")).events < warmUp * workers.length) await sleep(LOOK_MS);
  const before = await reading(workers, scene);
  const until = before.at + MEASURE_MS;
  while (performance.now() < until && (await scene.meta.ask("taken")).events < due * (1 - REST)) await sleep(LOOK_MS);
  const after = await reading(workers, scene);
  if (after.twice > 0) throw new Error(`Meta got ${after.twice} events twice`);
  const events = after.events - before.events;
  return {
    per_second: events / ((after.at - before.at) / 1_000),
    worker_cpu_us: (after.worker - before.worker) / events,
    postgres_cpu_us: (after.postgres - before.postgres) / events,
    meta_cpu_us: (after.meta - before.meta) / events,
    ...sharesBetween(before.machine, after.machine),
  };
}

/** Where everything stands at a moment; CPU in microseconds. */
async function reading(workers: readonly Worker[], { meta, postgres }: Scene) {
  const [taken, metaCpu, ...workerCpu] = await Promise.all([
    meta.ask("taken"),
    meta.ask("cpu"),
    ...workers.map(({ process: worker }) => worker.ask("cpu")),
  ]);
  return {
    at: performance.now(),
    events: taken.events,
    twice: taken.twice,
    meta: metaCpu,
    worker: workerCpu.reduce((sum, cpu) => sum + cpu, 0),
    postgres: cpuOf(postgres.processes()),
    machine: machineTime(),
  };
}

/** Kills one of them with -9 while Meta has requests of it, and waits until the others have delivered everything. */
async function killOne(workers: readonly Worker[], address: string, { meta }: Scene): Promise<KilledFigures> {
  const [victim] = workers;
  if (victim === undefined) throw new Error("there is no worker to kill");
  await sleep(UNDER_WAY_MS);
  while ((await meta.ask("inFlight", victim.name)) < LIMITS.inFlight) await sleep(1);
  const inFlight = await meta.ask("inFlight", victim.name);
  const killedAt = Date.now();
  await victim.process.kill();
  const patience = killedAt + DELIVERED_WITHIN_MS;
  while (inPostgres(address, `SELECT count(*) FROM "Event" WHERE "outcome" = 'waiting'`) !== "0") {
    if (Date.now() > patience) throw new Error("what a killed worker had claimed was not delivered by another");
    await sleep(LOOK_FOR_REST_MS);
  }
  // Under a clear sky a row is claimed a second time only if its first claim came to nothing.
  const orphans = inPostgres(address, `SELECT count(*), max("settledAt") FROM "Event" WHERE "attempts" > 1`);
  const [orphaned = 0, settledAt = 0] = orphans.split("|").map(Number);
  return {
    in_flight: inFlight,
    orphaned,
    seconds_until_settled: rounded((settledAt - killedAt) / 1_000, 1),
    twice: (await meta.ask("taken")).twice,
  };
}

function medians(rounds: readonly ScaleFigures[]): ScaleFigures {
  const of = (figure: keyof ScaleFigures, digits = 0) => rounded(median(rounds.map((round) => round[figure])), digits);
  return {
    per_second: of("per_second"),
    worker_cpu_us: of("worker_cpu_us"),
    postgres_cpu_us: of("postgres_cpu_us"),
    meta_cpu_us: of("meta_cpu_us"),
    busy: of("busy", 2),
    stolen: of("stolen", 2),
    slowed: of("slowed", 2),
  };
}
