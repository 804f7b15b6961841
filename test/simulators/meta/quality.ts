import { newTraceId, refuse } from "./errors";
import { type Exchange, json, type Reply } from "./http";
import type { Meta } from "./meta";
import { eventsOf } from "./request-rules";

/** What Meta calls the match keys in what it says of them. */
const IDENTIFIERS: Record<string, string> = {
  em: "email",
  ph: "phone",
  client_ip_address: "ip_address",
  client_user_agent: "user_agent",
};

/**
 * GET /v25.0/dataset_quality: which match keys the taken server events of a dataset carry, of all senders or of one.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api
 */
export function tellQuality({ request, url }: Exchange, { archive, tokens }: Meta): Reply {
  const dataset = url.searchParams.get("dataset_id") ?? "";
  const agent = url.searchParams.get("agent_name");
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
  const error = tokens.judge(dataset, token);
  if (error !== null) {
    const refusal = refuse({ error, why: "The dataset cannot be read." }, newTraceId());
    return json({ error: refusal.error }, refusal.http);
  }
  const seen = new Map<string, { events: number; keys: Map<string, number> }>();
  for (const { body, taken, dataset: to } of archive.requests) {
    if (to !== dataset || taken === 0) continue;
    const sent: { partner_agent?: string } = JSON.parse(body);
    if (agent !== null && sent.partner_agent !== agent) continue;
    for (const event of eventsOf(sent)) count(event as { event_name: string; user_data: object }, seen);
  }
  const web = [...seen].map(([event_name, { events, keys }]) => ({
    event_name,
    event_match_quality: {
      composite_score: 6,
      match_key_feedback: [...keys].map(([identifier, carried]) => ({
        identifier,
        coverage: { percentage: Math.round((carried / events) * 100) },
      })),
    },
  }));
  return json({ web });
}

function count(
  { event_name, user_data }: { event_name: string; user_data: object },
  seen: Map<string, { events: number; keys: Map<string, number> }>,
): void {
  const told = seen.get(event_name) ?? { events: 0, keys: new Map<string, number>() };
  seen.set(event_name, told);
  told.events += 1;
  for (const key of Object.keys(user_data)) {
    const name = IDENTIFIERS[key] ?? key;
    told.keys.set(name, (told.keys.get(name) ?? 0) + 1);
  }
}
