import { askAboutToken, type Fetch } from "../../delivery/graph.server";
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

/** Whether Meta takes the dataset's token, as it would be asked by the next event. */
export async function checkToken({ shop, dataset }: Connected, { graph }: GraphDeps): Promise<Row> {
  const about = { shop: shop.domain, dataset: dataset.dataset };
  const destination = { graphUrl: graph.url, version: graph.version, dataset: dataset.dataset, token: dataset.token };
  const { verdict, reason, says } = await askAboutToken(destination, graph.fetch);
  if (verdict === "accepted") return fine("token", "Meta takes it", about);
  const words = `${reason}: ${says}`;
  if (verdict === "hold") return wrong("token", words, about);
  const next = isMetas(reason) ? "Ask again in a while" : "Look at the network and META_GRAPH_URL, then ask again";
  return wrong("token", `${words} ${next}`, about);
}

/** Meta's own answer, not a silence or somebody else's page. */
function isMetas(reason: string | null): boolean {
  return reason?.startsWith("meta_") ?? false;
}
