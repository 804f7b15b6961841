import { type EventQuality, QUALITY_FIELDS, readQuality } from "./dataset-quality";
import { type Destination, type Fetch, META_TIMEOUT_MS, PARTNER_AGENT } from "./graph.server";
import { momentPassed } from "./token-check";

/**
 * What Meta says of the quality of a dataset's server events: of all senders, or of one by its partner_agent. Null: it did not
 * say, which a token without the right to read gets too. Never throws.
 */
export async function askQuality(
  { graphUrl, version, dataset, token }: Destination,
  agent: string | null,
  fetch: Fetch,
): Promise<EventQuality[] | null> {
  const query = new URLSearchParams({ dataset_id: dataset, fields: QUALITY_FIELDS });
  if (agent !== null) query.set("agent_name", agent);
  try {
    const answer = await fetch(`${graphUrl}/${version}/dataset_quality?${query}`, {
      method: "GET",
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(META_TIMEOUT_MS),
    });
    return answer.status === 200 ? readQuality(JSON.parse(await answer.text())) : null;
  } catch {
    return null;
  }
}

interface AskedDataset {
  /** Of its row. */
  id: number;
  dataset: string;
  token: string;
}

export interface QualityDeps {
  graph: { url: string; version: string; fetch: Fetch };
  datasets: Iterable<AskedDataset>;
  /** `overall`, `ours`: JSON of what dataset-quality.ts reads. */
  keep: (told: { datasetId: number; overall: string; ours: string }) => Promise<void>;
}

/** Asks once a day about each dataset, each at the moment of its own that lies between the two; epoch milliseconds. */
export async function askQualities({ graph, datasets, keep }: QualityDeps, from: number, to: number): Promise<void> {
  for (const { id, dataset, token } of datasets) {
    if (!momentPassed(id, from, to)) continue;
    const destination = { graphUrl: graph.url, version: graph.version, dataset, token };
    const overall = await askQuality(destination, null, graph.fetch);
    const ours = overall && (await askQuality(destination, PARTNER_AGENT, graph.fetch));
    if (overall === null || ours === null) continue;
    await keep({ datasetId: id, overall: JSON.stringify(overall), ours: JSON.stringify(ours) });
  }
}
