import { newTraceId, refuse, refuseByCode } from "./errors";
import { type Exchange, json, type Reply } from "./http";
import type { Meta } from "./meta";
import { qualityRows } from "./quality-rows";
import type { JsonObject } from "./types";

/**
 * GET /v25.0/dataset_quality: what Meta makes of a dataset's events, of all senders or of one.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
export function tellQuality({ request, url }: Exchange, { archive, tokens, quality }: Meta): Reply {
  const dataset = url.searchParams.get("dataset_id") ?? "";
  const agent = url.searchParams.get("agent_name");
  const fields = url.searchParams.get("fields") ?? "";
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
  const error = tokens.judge(dataset, token);
  if (error !== null) {
    const refusal = refuse({ error, why: "The dataset cannot be read." }, newTraceId());
    return json({ error: refusal.error }, refusal.http);
  }
  const scripted = quality.of(dataset, agent);
  if (scripted !== null && "web" in scripted) return json(scripted);
  if (scripted !== null) {
    const refused = refuseByCode(scripted.error.code, scripted.error.subcode, undefined);
    return json({ error: refused.error }, refused.http);
  }
  const rows = qualityRows(dataset, agent, archive.requests, archive.received);
  return json({ web: rows.map((row) => asked(row, fields)) });
}

/** Graph answers just what is asked for: a field that is not named, at whatever depth, is not there. */
function asked(value: unknown, fields: string): unknown {
  if (Array.isArray(value)) return value.map((one) => asked(one, fields));
  if (typeof value !== "object" || value === null) return value;
  const names = new Set(fields.match(/\w+/g));
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .filter(([name]) => names.has(name))
      .map(([name, one]) => [name, asked(one, fields)]),
  );
}
