import { type Facts, noFacts } from "../events/event";
import type { StoredEvent } from "../store/rows";

const read = new WeakMap<Pick<StoredEvent, "facts">, Facts>();

/**
 * The facts of a row, read once however many ask for them; nobody may change them. Null: it has none. Throws SyntaxError
 * where what was stored does not parse. Rows outlive deployments: what was not known when one was written is null.
 */
export function storedFacts(row: Pick<StoredEvent, "facts">): Facts | null {
  if (row.facts === null) return null;
  const known = read.get(row);
  if (known !== undefined) return known;
  const facts: Facts = { ...noFacts("unknown"), ...JSON.parse(row.facts) };
  read.set(row, facts);
  return facts;
}
