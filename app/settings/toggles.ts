import { z } from "zod";
import { CATALOG, type Leg } from "../events/catalog";
import { EVENT_NAMES, type EventName } from "../events/names";

/** Which legs of one event are on. */
const legs = z.strictObject({ browser: z.boolean(), server: z.boolean() });

const events = z.enum(EVENT_NAMES as [EventName, ...EventName[]]);
/** Some events, both legs of each. */
export const togglesSchema = z.partialRecord(events, legs);
export type Toggles = z.output<typeof togglesSchema>;

/** Some legs of some events. */
export const toggleChanges = z.partialRecord(events, legs.partial());
export type ToggleChanges = z.output<typeof toggleChanges>;

/** Whether a leg of an event is on; the first of `toggles` that names the event decides, else the catalog. */
export function isLegOn(toggles: readonly Toggles[], event: EventName, leg: Leg): boolean {
  const deciding = toggles.find((some) => some[event] !== undefined);
  return deciding?.[event]?.[leg] ?? CATALOG[event].defaults[leg];
}

/** `toggles` with these legs switched. An event that was touched keeps both: a later change of the defaults does not move them. */
export function switched(toggles: Toggles, changes: ToggleChanges, isNowOn: (event: EventName, leg: Leg) => boolean) {
  const after = { ...toggles };
  for (const name of EVENT_NAMES) {
    const { browser, server } = changes[name] ?? {};
    if (browser === undefined && server === undefined) continue;
    after[name] = { browser: browser ?? isNowOn(name, "browser"), server: server ?? isNowOn(name, "server") };
  }
  return after;
}
