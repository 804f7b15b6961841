import { z } from "zod";
import { CONTENT_ID_FORMATS } from "../events/content-id-formats";
import { PIXEL_EVENT_NAMES } from "../events/names";
import { type PixelDataset, toPixelRecord } from "../events/pixel-settings";
import type { Store } from "../store/store.server";
import { type AdminGraphql, askAdmin, isSignIn, wordsOfFailure } from "./admin-api.server";
import { hasBrowserLeg } from "./browser-leg.server";
import { browserValue, filterOf } from "./dataset-policy";
import { connectedDatasets, type Shop } from "./registry.server";
import { policyOf } from "./settings";

/**
 * Shopify runs the web pixel in a shop once the app has made its pixel record there, and hands it the record's settings on
 * each page load. https://shopify.dev/docs/apps/build/marketing-analytics/build-web-pixels
 */

/** Where the pixel of this installation sends to. */
export interface PixelAddresses {
  /** The app's own origin, as shoppers reach it. */
  appUrl: string;
  trUrl: string;
}

/** JSON of the settings a shop's pixel should have at this moment. */
export function wantedPixelSettings(shop: Shop, { appUrl, trUrl }: PixelAddresses): string {
  return JSON.stringify(
    toPixelRecord({
      collectUrl: new URL("/collect", appUrl).href,
      trUrl,
      beaconKey: shop.beaconKey,
      datasets: connectedDatasets(shop).map(({ dataset }) => pixelDatasetOf(dataset, shop)),
    }),
  );
}

/** What the pixel is told of one dataset. */
function pixelDatasetOf(dataset: string, shop: Shop): PixelDataset {
  const policy = policyOf(shop.settings, dataset);
  return {
    dataset,
    events: PIXEL_EVENT_NAMES.filter((name) => hasBrowserLeg(name, dataset, shop)),
    ids: CONTENT_ID_FORMATS[policy.contentId].template(shop.country),
    value: browserValue(policy, shop),
    restricted: policy.restricted,
    ...filterOf(policy),
  };
}

/** Whether Shopify has yet to be told, or has not answered well when it was. */
export function isPixelStale(shop: Shop, addresses: PixelAddresses): boolean {
  const { id, fault, settings } = shop.webPixel;
  return id === null || fault !== null || settings !== wantedPixelSettings(shop, addresses);
}

interface SyncDeps {
  store: Store;
  now: () => number;
}

/**
 * Makes Shopify's pixel record as the shop's settings want it, and remembers what Shopify said. Answers the fault, null when
 * Shopify accepted. Throws when the store does, and what Shopify's library wants the page to answer.
 */
export async function syncWebPixel(
  shop: Shop,
  graphql: AdminGraphql,
  addresses: PixelAddresses,
  { store, now }: SyncDeps,
): Promise<string | null> {
  const settings = wantedPixelSettings(shop, addresses);
  const answer = await faultless(() => writeRecord(shop.webPixel.id, settings, graphql));
  if ("fault" in answer) await store.webPixelFailed(shop.id, answer.fault);
  else await store.webPixelAccepted(shop.id, { id: answer.id, settings, at: now(), after: shop.webPixel.acceptedAt });
  return "fault" in answer ? answer.fault : null;
}

/** The record as Shopify has it: somebody may have taken it away. Null: there is none. Throws when Shopify does not answer. */
export async function findPixelRecord(graphql: AdminGraphql): Promise<{ id: string; settings: unknown } | null> {
  return found.parse(await askAdmin(graphql, FIND)).data.webPixel;
}

type Written = { id: string } | { fault: string };

/** Updates the record that is known, else makes one, else takes over the one that is there already. */
async function writeRecord(known: string | null, settings: string, graphql: AdminGraphql): Promise<Written> {
  if (known !== null) {
    const updated = await update(known, settings, graphql);
    if ("id" in updated) return updated;
  }
  const created = await create(settings, graphql);
  if ("id" in created) return created;
  const there = await findPixelRecord(graphql).catch(() => null);
  return there === null ? created : update(there.id, settings, graphql);
}

const FIND = `#graphql
  query WebPixel { webPixel { id settings } }`;

const CREATE = `#graphql
  mutation CreateWebPixel($settings: JSON!) {
    webPixelCreate(webPixel: { settings: $settings }) { webPixel { id } userErrors { code field message } }
  }`;

const UPDATE = `#graphql
  mutation UpdateWebPixel($id: ID!, $settings: JSON!) {
    webPixelUpdate(id: $id, webPixel: { settings: $settings }) { webPixel { id } userErrors { code field message } }
  }`;

const found = z.object({
  // Shopify answers the lack of a record with an error beside an empty answer.
  data: z.object({ webPixel: z.object({ id: z.string(), settings: z.unknown() }).nullable() }),
});

const payload = z.object({
  webPixel: z.object({ id: z.string() }).nullish(),
  userErrors: z.array(z.object({ code: z.string().nullish(), message: z.string() })),
});

async function create(settings: string, graphql: AdminGraphql): Promise<Written> {
  const schema = z.object({ data: z.object({ webPixelCreate: payload }) });
  return writtenOf(schema.parse(await askAdmin(graphql, CREATE, { settings })).data.webPixelCreate);
}

async function update(id: string, settings: string, graphql: AdminGraphql): Promise<Written> {
  const schema = z.object({ data: z.object({ webPixelUpdate: payload }) });
  return writtenOf(schema.parse(await askAdmin(graphql, UPDATE, { id, settings })).data.webPixelUpdate);
}

function writtenOf({ webPixel, userErrors }: z.output<typeof payload>): Written {
  if (userErrors.length > 0) return { fault: userErrors.map(({ message }) => message).join(" ") };
  return webPixel ? { id: webPixel.id } : { fault: "Shopify answered without a pixel." };
}

/** Whatever keeps Shopify from answering becomes words. */
async function faultless(ask: () => Promise<Written>): Promise<Written> {
  try {
    return await ask();
  } catch (error) {
    if (isSignIn(error)) throw error;
    if (error instanceof z.ZodError) return { fault: "Shopify gave an answer that Tandem does not know." };
    return { fault: wordsOfFailure(error) };
  }
}
