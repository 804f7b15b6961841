import type { ActionFunctionArgs } from "@remix-run/node";
import { exampleKeys, exampleOrder } from "../diagnostics/example-order.server";
import type { PreviewAnswer, PreviewResult, ShownOrder } from "../diagnostics/last-order";
import { lastOrderOf } from "../diagnostics/last-order.server";
import { wordsOf } from "../diagnostics/words";
import type { Addressee } from "../pipeline/treatment";
import { type WouldSend, wouldSend } from "../pipeline/would-send.server";
import { running } from "../running.server";
import { faultOf, previewForm, withDraft } from "../settings/preview-forms";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { policyOf, type Settings } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

/** What the shop's last order would come to under the settings of a form. Nothing is stored or sent. */
export async function action({ request }: ActionFunctionArgs): Promise<PreviewAnswer> {
  const { shop } = await authenticatedShop(request);
  const { db, now } = running();
  const nothing: PreviewAnswer = { order: null, notes: [], results: [], fault: null, timezone: shop.timezone };
  const asked = previewForm.safeParse(Object.fromEntries(await request.formData()));
  if (!asked.success) return { ...nothing, fault: faultOf(asked.error, undefined) };
  const drafted = withDraft(shop.settings, asked.data.draft);
  if ("fault" in drafted) return { ...nothing, fault: drafted.fault };
  const { settings } = drafted;
  const last = await lastOrderOf(db, shop);
  const order = last ?? exampleOrder(shop, now());
  const { id, time, facts } = order.event;
  return {
    ...nothing,
    order: last === null ? null : { id: facts.orderId ?? id, at: time },
    notes: notesOf(order),
    results: together(
      addressees(shop, settings, asked.data.datasets).map((addressee) => resultOf(order, addressee, settings, shop)),
    ),
  };
}

function notesOf({ keys, signal }: ShownOrder): string[] {
  return [
    ...(keys === null ? ["Who bought it is not kept any more: an example's keys stand in their place."] : []),
    ...(signal === undefined ? ["Whether the shopper agreed to marketing is not kept: taken as given."] : []),
  ];
}

/** The datasets asked about; of none in particular where none is connected. Ages do not matter here. */
function addressees(shop: Shop, settings: Settings, asked: readonly string[]): Addressee[] {
  const connected = connectedDatasets(shop).filter(({ dataset }) => asked.length === 0 || asked.includes(dataset));
  const datasets = connected.length === 0 ? [null] : connected.map(({ dataset }) => dataset);
  return datasets.map((dataset) => ({ dataset, policy: policyOf(settings, dataset), connectedAt: null }));
}

const GIVEN = { analytics: true, marketing: true, preferences: true, saleOfData: true };

function resultOf(order: ShownOrder, addressee: Addressee, settings: Settings, shop: Shop): PreviewResult {
  const { event, products, paid, keys, browser, signal } = order;
  const { events, skipped }: WouldSend = wouldSend(
    {
      told: { event, skip: null, order: { paid, cancelled: false, createdAt: null, updatedAt: null }, account: null },
      topic: "orders/create",
      keys: keys ?? exampleKeys(),
      browser,
      signal: signal === undefined ? GIVEN : signal,
      findings: { order: undefined, products },
      now: null,
    },
    [addressee],
    settings,
    shop,
  );
  return {
    datasets: addressee.dataset === null ? [] : [addressee.dataset],
    events,
    notSent: skipped.map(({ event: name, reason }) => ({ event: name, says: wordsOf(reason ?? "") })),
  };
}

/** Datasets that want the same are shown as one. */
function together(results: readonly PreviewResult[]): PreviewResult[] {
  const alike = new Map<string, PreviewResult>();
  for (const { datasets, ...result } of results) {
    const key = JSON.stringify(result);
    alike.set(key, { ...result, datasets: [...(alike.get(key)?.datasets ?? []), ...datasets] });
  }
  return [...alike.values()];
}
