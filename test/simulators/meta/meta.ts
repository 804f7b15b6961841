import type { Archive } from "./archive";
import type { QualityScript } from "./quality-script";
import type { Tokens } from "./tokens";
import type { Weather } from "./weather";

/** Everything the stand-in knows while it runs. */
export interface Meta {
  /** Epoch milliseconds. */
  now: () => number;
  archive: Archive;
  tokens: Tokens;
  /** The test codes it accepts; null: any. */
  testCodes: readonly string[] | null;
  weather: Weather;
  /** Scripted answers to what it makes of a dataset's events. */
  quality: QualityScript;
  /** Waits in real time, or until the stand-in closes. */
  wait: (ms: number) => Promise<void>;
}
