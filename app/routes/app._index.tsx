import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, Page, Text } from "@shopify/polaris";
import { openAlertsOf } from "../alerting/state.server";
import type { AlertKind } from "../alerts/kinds";
import { OpenAlerts } from "../components/alert/open";
import { Held } from "../components/held";
import { Instant } from "../components/instant";
import { NoSignalBanner } from "../components/no-signal-banner";
import { PageFault } from "../components/page-fault";
import { SetUpCard } from "../components/set-up-card";
import { Today } from "../components/today";
import { VisitorMemory } from "../components/visitor-memory";
import { noSignalOf } from "../consent/no-signal.server";
import { heldOf } from "../diagnostics/held.server";
import { memoryOf } from "../diagnostics/memory.server";
import { overviewOf } from "../diagnostics/overview.server";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Overview – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { db, now, pixels, registry } = running();
  await pixels.lookAfter(shop.domain, graphql);
  const current = registry.shop(shop.domain) ?? shop;
  const at = now();
  const [overview, held, memory, noSignal, alerts] = await Promise.all([
    overviewOf(db, current, pixels.isCurrent(current), at),
    heldOf(db, current),
    memoryOf(db, current.id, at),
    noSignalOf(db, current.id, at),
    openAlertsOf(db, current.id),
  ]);
  return {
    ...overview,
    held,
    at,
    pixelFault: current.webPixel.fault,
    timezone: current.timezone,
    memory,
    noSignal,
    alerts: alerts.filter(({ kind }) => !SHOWN_IN_FULL.includes(kind)),
  };
}

/** They have banners of their own here, which know more than an alert does. */
const SHOWN_IN_FULL: readonly AlertKind[] = ["dataset_held", "pixel_fault", "withheld_jump"];

export default function OverviewPage() {
  const { setUp, today, since, held, at, pixelFault, timezone, memory, noSignal, alerts } =
    useLoaderData<typeof loader>();
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        {held.map((one) => (
          <Held key={one.dataset} held={one} now={at} timezone={timezone} besideToken={false} />
        ))}
        {pixelFault === null ? null : (
          <Banner tone="warning" title="Shopify did not take the pixel's settings">
            <p>{pixelFault} Tandem tries again every minute.</p>
          </Banner>
        )}
        <NoSignalBanner noSignal={noSignal} besideTable={false} />
        <OpenAlerts alerts={alerts} timezone={timezone} />
        <SetUpCard setUp={setUp} />
        <Card>
          <BlockStack gap="300">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                Today
              </Text>
              <Text as="p" tone="subdued">
                Since <Instant at={since} timezone={timezone} />. The server's numbers are Meta's answers; what left a
                browser, Meta never confirms.
              </Text>
            </BlockStack>
            <Today days={today} />
          </BlockStack>
        </Card>
        <VisitorMemory memory={memory} />
      </BlockStack>
    </Page>
  );
}

export const ErrorBoundary = PageFault;
