import type { House } from "../house";
import type { Employed } from "../house-server";
import type { Writer } from "../writer";

/** How much of everything a run has. */
export interface Size {
  /** Kills of each scenario that kills. */
  kills: number;
  /** Events of a scenario, about. */
  events: number;
  /** Whether there is time for all of what may happen: as often as it is foreseen, and for as long as Meta's timeout. */
  patient: boolean;
}

/** One way in which things go wrong. */
export interface Scenario {
  name: string;
  /** What happens, in a line; of weather also its kind: refused before taking, or taken with the answer lost. */
  says: string;
  /** The servers it is played with; absent: one that does everything. */
  servers?: readonly Employed[];
  /** Runs until everything was sent; those who deliver are then left running under a clear sky. */
  play(house: House, writer: Writer, size: Size): Promise<void>;
}
