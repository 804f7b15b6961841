import { isObject } from "./checks";
import type { JsonObject } from "./types";
import { isHashed } from "./user-data-rules";

interface ServerWarning {
  name: string;
  when: (event: JsonObject, userData: JsonObject) => boolean;
}

/** What Meta's documentation demands and Graph takes all the same. */
const SERVER: readonly ServerWarning[] = [
  {
    name: "client_user_agent missing",
    when: (event, user) => event.action_source === "website" && !user.client_user_agent,
  },
  { name: "event_source_url missing", when: (event) => event.action_source === "website" && !event.event_source_url },
  { name: "event_id missing", when: (event) => !event.event_id },
  { name: "Limited Data Use without a place", when: (event, user) => needsAddress(event) && !user.client_ip_address },
];

/** The warnings of an event that was taken. */
export function serverWarnings(event: JsonObject): string[] {
  const user = isObject(event.user_data) ? event.user_data : {};
  return SERVER.filter((row) => row.when(event, user)).map((row) => row.name);
}

/** The warnings of a /tr hit, which Meta always takes in silence. */
export function browserWarnings(parameters: Readonly<Record<string, string | string[]>>): string[] {
  const unhashed = Object.entries(parameters).filter(
    ([name, value]) => name.startsWith("ud[") && ![value].flat().every(isHashed),
  );
  return [
    ...(parameters.eid ? [] : ["event_id missing"]),
    ...(parameters.dl ? [] : ["page URL missing"]),
    ...(unhashed.length > 0 ? ["match key not hashed"] : []),
  ];
}

/** Without a state, Meta locates the shopper by address. */
function needsAddress(event: JsonObject): boolean {
  const options = event.data_processing_options;
  return Array.isArray(options) && options.includes("LDU") && !event.data_processing_options_state;
}
