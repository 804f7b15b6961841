import { type Ending, endingFor } from "../events/outcome";
import type { RegistrationNeighbours, StoredEvent } from "../store/rows";

/** By row id: what happened around some registrations. */
export type Crowd = ReadonlyMap<number, RegistrationNeighbours>;

/** So many customers do not register within a minute; somebody has brought in a list. */
const IMPORT_PER_MINUTE = 30;

/** Why a new customer is no registration; null: it is one. */
export function registrationEnd({ id }: StoredEvent, crowd: Crowd): Ending | null {
  const neighbours = crowd.get(id);
  if (neighbours?.ordered) return endingFor("customer_ordered");
  return neighbours !== undefined && neighbours.sameMinute >= IMPORT_PER_MINUTE ? endingFor("customer_imported") : null;
}
