import { type Fetch, postEvents, requestBody } from "../../delivery/graph.server";
import { judge } from "../../delivery/verdicts";
import type { Dataset, Shop } from "../../settings/registry.server";
import { fine, lasting, type Row, wrong } from "./row";

export interface GraphDeps {
  graph: { url: string; version: string; fetch: Fetch };
}

/** One dataset of a shop. */
export interface Connected {
  shop: Shop;
  dataset: Dataset;
}

/** Whether events flow to a dataset, as the outbox has it. */
export function checkFlow({ shop, dataset }: Connected, now: number): Row {
  const about = { shop: shop.domain, dataset: dataset.dataset };
  if (dataset.heldReason !== null) {
    return wrong("datasets", `on hold: ${dataset.heldReason}; give it a new token with shop connect`, about);
  }
  const pause = (dataset.pausedUntil ?? 0) - now;
  return fine(
    "datasets",
    pause > 0 ? `connected; Meta asked for a pause of ${lasting(pause)} more` : "connected",
    about,
  );
}

/**
 * Whether Meta takes the dataset's token: asked with a request that holds no event. Meta looks at the token and at what it
 * may do before it looks at what it was sent, so its complaint about the emptiness is a yes.
 */
export async function checkToken({ shop, dataset }: Connected, { graph }: GraphDeps): Promise<Row> {
  const about = { shop: shop.domain, dataset: dataset.dataset };
  const destination = { graphUrl: graph.url, version: graph.version, dataset: dataset.dataset, token: dataset.token };
  const { verdict, reason, says } = judge(await postEvents(destination, requestBody([], null), graph.fetch));
  switch (verdict) {
    case "accepted":
    case "rejected":
      return fine("token", "Meta takes it", about);
    case "hold":
      return wrong("token", `${reason}: ${says}`, about);
    case "retry":
      return wrong("token", `${reason}: ${says} Look at the network and META_GRAPH_URL, then ask again`, about);
  }
}
