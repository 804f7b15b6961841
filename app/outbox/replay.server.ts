import type { ReplayCandidate } from "../store/rows";
import type { Store } from "../store/store.server";
import {
  type Bytes,
  type Forecast,
  firstTurn,
  forecastOf,
  type Leaving,
  leaves,
  type Obstacle,
  REPLAYED_PER_MINUTE,
  type ReplaySelection,
  turnOf,
} from "./replay";

/** What became of the events that were meant. */
export interface Replayed {
  matched: number;
  /** Brought back; of a dry run, what would be. */
  replayed: number;
  /** The others, by what stands in their way. */
  obstacles: Partial<Record<Obstacle, number>>;
  /** Those that come back, by what will become of them. */
  leaving: Partial<Record<Leaving, number>>;
  bytes: Partial<Record<Bytes, number>>;
  /** When the last of them is due, epoch milliseconds; null: there is none. */
  lastAt: number | null;
  /** The last row that was looked at; null: there is none. */
  last: number | null;
  /** True: not all that is meant was looked at. */
  more: boolean;
}

interface ReplayDeps {
  store: Pick<Store, "replayCandidates" | "replaysTooOld" | "replay" | "replayedUntil">;
  /** Epoch milliseconds. */
  now: number;
  /** Only look. */
  dryRun: boolean;
  /** Says more of some than their rows do; they come in the order they were given in. */
  foresee?: (candidates: readonly ReplayCandidate[]) => Promise<Forecast[]>;
  /** Told of each that is meant. */
  onForecast?: (candidate: ReplayCandidate, forecast: Forecast) => void;
  /** Whether those leave, too, that may be counted twice. */
  doubling?: boolean;
  /** So many are brought back at once at the most, of so many that are looked at. */
  most?: number;
  mostLooked?: number;
  perMinute?: number;
  /** What Meta's window is closed for is counted, and not looked at one by one. */
  countTooOld?: boolean;
  /** No row behind it is meant. */
  upTo?: number | null;
}

/** Rows per transaction: a command must not keep a running server from writing. */
const PORTION = 250;

/**
 * A person's attempt: what was rejected or given up waits again, and is due a minute's portion after the other, as far as Meta
 * would take it. What was accepted is never sent again. The page and the command line are made of this.
 */
export async function replay(selection: ReplaySelection, deps: ReplayDeps): Promise<Replayed> {
  const { store, now, dryRun, onForecast, doubling = true, perMinute = REPLAYED_PER_MINUTE } = deps;
  const countTooOld = deps.countTooOld === true && selection.rowId === null;
  const { most = Number.POSITIVE_INFINITY, mostLooked = Number.POSITIVE_INFINITY } = deps;
  const foresee = deps.foresee ?? (async (rows) => rows.map((candidate) => forecastOf(candidate, now)));
  const { shopId, outcomes, ...meantBy } = selection;
  const meant = { ...meantBy, upTo: deps.upTo ?? null };
  const filter = { ...meant, openAt: countTooOld ? now : null };
  const result = nothingYet();
  const from = firstTurn(await store.replayedUntil(shopId, now), now);
  let looked = 0;
  for (const outcome of outcomes) {
    if (countTooOld) tell(result, "past_window", await store.replaysTooOld(shopId, outcome, meant, now));
    for (let after: number | undefined = 0; after !== undefined; ) {
      if (looked >= mostLooked) result.more = true;
      if (result.more) return result;
      const page = { shopId, outcome, after, limit: PORTION, now };
      const portion: ReplayCandidate[] = await store.replayCandidates(page, filter);
      looked += portion.length;
      after = portion.at(-1)?.id;
      const forecasts = await foresee(portion);
      const turns = new Map<number, number[]>();
      for (const [index, candidate] of portion.entries()) {
        const forecast = forecasts[index] ?? forecastOf(candidate, now);
        if (forecast.fate === "not_soon") continue;
        if (result.replayed >= most) {
          result.more = true;
          break;
        }
        onForecast?.(candidate, forecast);
        result.last = candidate.id;
        if (!leaves(forecast.fate)) {
          tell(result, forecast.fate, 1);
          continue;
        }
        result.matched += 1;
        add(result.leaving, forecast.fate);
        if (forecast.fate === "may_double" && !doubling) continue;
        add(result.bytes, forecast.bytes);
        const turn = turnOf(result.replayed, from, perMinute);
        turns.set(turn, [...(turns.get(turn) ?? []), candidate.id]);
        result.replayed += 1;
        result.lastAt = turn;
      }
      if (dryRun) continue;
      for (const [turn, ids] of turns) {
        const came = await store.replay(ids, now, turn);
        // Somebody else was quicker with the others.
        result.replayed -= ids.length - came.length;
      }
    }
  }
  return result;
}

function nothingYet(): Replayed {
  return { matched: 0, replayed: 0, obstacles: {}, leaving: {}, bytes: {}, lastAt: null, more: false, last: null };
}

function tell(result: Replayed, obstacle: Obstacle, events: number): void {
  if (events === 0) return;
  result.matched += events;
  result.obstacles[obstacle] = (result.obstacles[obstacle] ?? 0) + events;
}

function add<Name extends string>(counts: Partial<Record<Name, number>>, name: Name): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
