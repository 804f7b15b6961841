import type { Reply } from "./http";
import type { ReceivedCopy } from "./types";
import { browserWarnings } from "./warnings";

const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** What /tr answers to everything: one transparent pixel that says nothing. */
export const PIXEL_REPLY: Reply = {
  status: 200,
  headers: {
    "content-type": "image/gif",
    "cache-control": "no-cache, no-store, must-revalidate",
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "*",
  },
  body: PIXEL,
};

/** The parameters of a hit by their names on the wire; a name that is said more than once has a list. */
export interface HitParameters {
  [name: string]: string | string[];
}

/** Reads the parameters of a hit; a form in the body outranks the query. */
export async function parametersOf(query: URLSearchParams, contentType: string, body: Buffer): Promise<HitParameters> {
  const parameters = grouped(query);
  if (body.length === 0) return parameters;
  try {
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
    return { ...parameters, ...grouped(form) };
  } catch {
    // /tr never complains: a body that is no form counts for nothing.
    return parameters;
  }
}

function grouped(said: Iterable<[string, FormDataEntryValue]>): HitParameters {
  const parameters: HitParameters = {};
  for (const [name, value] of said) {
    if (typeof value !== "string") continue;
    const before = parameters[name];
    parameters[name] = before === undefined ? value : [before, value].flat();
  }
  return parameters;
}

/** The last word of a parameter that takes a single one. */
function single(value: string | string[] | undefined): string {
  return [value ?? ""].flat().at(-1) ?? "";
}

/** The copy a hit leaves behind; null when it names no dataset or no event. */
export function copyOf(parameters: HitParameters, at: number): ReceivedCopy | null {
  const [id, ev, eid] = [single(parameters.id), single(parameters.ev), single(parameters.eid)];
  if (!/^\d+$/.test(id) || ev === "") return null;
  return {
    leg: "browser",
    dataset: id,
    event_name: ev,
    event_id: eid || null,
    at,
    body: parameters,
    test: false,
    warnings: browserWarnings(parameters),
  };
}
