import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, Link, Page, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { z } from "zod";
import { EventRow } from "../components/event-row";
import { Instant } from "../components/instant";
import { PageFault } from "../components/page-fault";
import { BesidePreview } from "../components/preview";
import { Unsaved } from "../components/unsaved";
import { LEGS, type Leg } from "../events/catalog";
import { EVENT_NAMES, type EventName } from "../events/names";
import { running } from "../running.server";
import { browserPurchaseObstacle } from "../settings/dataset-policy";
import { json } from "../settings/form-fields";
import { connectedDatasets } from "../settings/registry.server";
import { isOn, parseSettings, policyOf, withToggles } from "../settings/settings";
import { type ToggleChanges, toggleChanges } from "../settings/toggles";
import { authenticatedShop } from "../shopify.server";

type Toggles = Record<EventName, Record<Leg, boolean>>;

export const meta = () => [{ title: "Events – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const toggles = Object.fromEntries(
    EVENT_NAMES.map((name) => [
      name,
      Object.fromEntries(LEGS.map((leg) => [leg, isOn(shop.settings, name, leg)])) as Record<Leg, boolean>,
    ]),
  ) as Toggles;
  const { acceptedAt, fault } = shop.webPixel;
  const datasets = connectedDatasets(shop).map(({ dataset }): DatasetState => {
    const policy = policyOf(shop.settings, dataset);
    return {
      dataset,
      obstacle: browserPurchaseObstacle(policy, shop),
      own: Object.keys(policy.toggles).length > 0,
    };
  });
  return {
    toggles,
    datasets,
    timezone: shop.timezone,
    pixel: { current: running().pixels.isCurrent(shop), acceptedAt, fault },
  };
}

const submitted = z.object({ toggles: json.pipe(toggleChanges) });

/** Saves the matrix, where any, and tells Shopify's pixel; sent without one, it only tells the pixel again. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { store, pixels } = running();
  const form = Object.fromEntries(await request.formData());
  if (form.toggles !== undefined) {
    const parsed = submitted.safeParse(form);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { fault: `Nothing was saved: ${issue?.path.join(".")} ${issue?.message}.`, saved: false };
    }
    const { toggles } = parsed.data;
    await store.changeSettings(shop.id, (stored) => JSON.stringify(withToggles(parseSettings(stored), toggles)));
  }
  await pixels.sync(shop.domain, graphql);
  return { fault: null, saved: form.toggles !== undefined };
}

export default function EventsPage() {
  const { toggles: saved, datasets, pixel, timezone } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  // Only what this merchant changed: somebody else may change other events meanwhile.
  const [changes, setChanges] = useState<ToggleChanges>({});
  const saving = fetcher.state !== "idle";
  const isNowOn = (name: EventName, leg: Leg) => changes[name]?.[leg] ?? saved[name][leg];
  const legsOf = (name: EventName) => ({ browser: isNowOn(name, "browser"), server: isNowOn(name, "server") });
  const draft = Object.fromEntries(EVENT_NAMES.map((name) => [name, legsOf(name)]));
  const impossible = datasets.length > 0 && datasets.every(({ obstacle }) => obstacle !== null);
  const dirty = EVENT_NAMES.some((name) => LEGS.some((leg) => isNowOn(name, leg) !== saved[name][leg]));
  const save = () => fetcher.submit({ toggles: JSON.stringify(changes) }, { method: "post" });
  // Not before the page has what was saved: the old would show for a moment.
  useEffect(() => {
    if (fetcher.state === "idle" && fetcher.data?.saved) setChanges({});
  }, [fetcher.state, fetcher.data]);
  const again = () => fetcher.submit({}, { method: "post" });
  return (
    <Page
      title="Events"
      subtitle="Which events leave, and from where. Both legs of an event share one id, so Meta counts it once."
    >
      <Unsaved id="events" open={dirty} saving={saving} save={save} discard={() => setChanges({})} />
      <BesidePreview draft={{ toggles: draft }}>
        {fetcher.data?.fault ? <Banner tone="critical" title={fetcher.data.fault} /> : null}
        <PixelState pixel={pixel} timezone={timezone} again={again} busy={saving} />
        <Card>
          <BlockStack gap="400">
            {EVENT_NAMES.map((name) => (
              <EventRow
                key={name}
                name={name}
                legs={legsOf(name)}
                browserImpossible={name === "Purchase" && impossible}
                note={name === "Purchase" ? <Obstacles datasets={datasets} /> : null}
                flip={(leg, on) => setChanges({ ...changes, [name]: { ...changes[name], [leg]: on } })}
              />
            ))}
          </BlockStack>
        </Card>
        <Box paddingInline={{ xs: "400", sm: "0" }} paddingBlockEnd="400">
          <Text as="p" tone="subdued">
            A server leg switches within a second. A browser leg switches on a shopper's next page, once Shopify has
            taken the pixel's new settings.
          </Text>
          <Datasets datasets={datasets} />
        </Box>
      </BesidePreview>
    </Page>
  );
}

interface PixelStateProps {
  pixel: { current: boolean; acceptedAt: number | null; fault: string | null };
  timezone: string | null;
  again: () => void;
  busy: boolean;
}

function PixelState({ pixel, timezone, again, busy }: PixelStateProps) {
  if (pixel.fault !== null || !pixel.current) {
    return (
      <Banner
        tone="warning"
        title="The pixel is not up to date"
        action={{ content: "Try again now", onAction: again, loading: busy }}
      >
        <p>
          {pixel.fault ?? "Shopify has not been told yet."} Browser legs stay as they were; Tandem tries again every
          minute.
        </p>
      </Banner>
    );
  }
  return (
    <Box paddingInline={{ xs: "400", sm: "0" }}>
      <Text as="p" tone="subdued">
        {pixel.acceptedAt === null ? null : (
          <>
            Pixel updated at <Instant at={pixel.acceptedAt} timezone={timezone} />.
          </>
        )}
      </Text>
    </Box>
  );
}

interface DatasetState {
  dataset: string;
  /** Why its Purchase cannot leave from the browser; null: it can. */
  obstacle: string | null;
  /** It has switches of its own. */
  own: boolean;
}

/** What is said of Purchase's browser leg where a dataset's choices keep it off. */
function Obstacles({ datasets }: { datasets: DatasetState[] }) {
  return datasets.map(({ dataset, obstacle }) =>
    obstacle === null ? null : (
      <Text key={dataset} as="p">
        The browser leg is off for dataset {dataset}: {obstacle}{" "}
        <Link url={`/app/datasets/${dataset}`}>What is sent</Link>
      </Text>
    ),
  );
}

/** The way to each dataset's own choices. */
function Datasets({ datasets }: { datasets: DatasetState[] }) {
  return (
    <BlockStack gap="100">
      {datasets.map(({ dataset, own }) => (
        <Text key={dataset} as="p" tone="subdued">
          <Link url={`/app/datasets/${dataset}`}>
            {datasets.length === 1 ? "What is sent of a Purchase" : `What is sent to dataset ${dataset}`}
          </Link>
          {own ? ": it has switches of its own, which go before these." : null}
        </Text>
      ))}
    </BlockStack>
  );
}

export const ErrorBoundary = PageFault;
