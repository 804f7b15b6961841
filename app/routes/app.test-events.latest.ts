import type { LoaderFunctionArgs } from "@remix-run/node";
import type { Sent } from "../diagnostics/sent";
import { sentOf } from "../diagnostics/sent.server";
import { running } from "../running.server";
import { connectedDatasets } from "../settings/registry.server";
import { authenticatedShop } from "../shopify.server";

/** What lately left for a dataset; a page that is open asks again and again. Null: none is connected. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Sent | null> {
  const { shop } = await authenticatedShop(request);
  const { store, now } = running();
  const asked = new URL(request.url).searchParams.get("dataset");
  const connected = connectedDatasets(shop);
  const dataset = asked === null ? connected[0] : connected.find((one) => one.dataset === asked);
  if (dataset === undefined && asked !== null) throw new Response("This dataset is not connected.", { status: 404 });
  return dataset === undefined ? null : sentOf(store, shop, dataset, now());
}
