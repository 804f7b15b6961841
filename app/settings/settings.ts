import { z } from "zod";
import { CATALOG, type Leg } from "../events/catalog";
import { EVENT_NAMES, type EventName } from "../events/names";

/** Which legs of one event are on. */
const legs = z.strictObject({ browser: z.boolean(), server: z.boolean() });

const events = z.enum(EVENT_NAMES as [EventName, ...EventName[]]);
export const togglesSchema = z.partialRecord(events, legs);

/** Some legs of some events. */
export const toggleChanges = z.partialRecord(events, legs.partial());
export type ToggleChanges = z.output<typeof toggleChanges>;

/**
 * A shop's settings, version 1: shared by the form, its action and the command line. What a stored document leaves out
 * has the catalog's default, so a new event needs no migration.
 */
export const settingsSchema = z.strictObject({
  version: z.literal(1),
  toggles: togglesSchema,
});

export type Settings = z.output<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = { version: 1, toggles: {} };

/** A stored document. Throws when it is of another version. */
export function parseSettings(stored: string): Settings {
  return settingsSchema.parse(JSON.parse(stored));
}

/** The settings with these legs switched. An event that was touched keeps both: a later change of the catalog's defaults does not move them. */
export function withToggles(settings: Settings, changes: ToggleChanges): Settings {
  const toggles = { ...settings.toggles };
  for (const name of EVENT_NAMES) {
    const { browser, server } = changes[name] ?? {};
    if (browser === undefined && server === undefined) continue;
    toggles[name] = {
      browser: browser ?? isOn(settings, name, "browser"),
      server: server ?? isOn(settings, name, "server"),
    };
  }
  return { ...settings, toggles };
}

/** Whether a leg of an event is on for this shop. */
export function isOn(settings: Settings, event: EventName, leg: Leg): boolean {
  return settings.toggles[event]?.[leg] ?? CATALOG[event].defaults[leg];
}
