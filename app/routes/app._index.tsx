import { defer, type LoaderFunctionArgs } from "@remix-run/node";
import { Await, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, Page, SkeletonBodyText, Text } from "@shopify/polaris";
import { Suspense } from "react";
import { openAlertsOf } from "../alerting/state.server";
import type { AlertKind } from "../alerts/kinds";
import { OpenAlerts } from "../components/alert/open";
import { Held } from "../components/held";
import { Instant } from "../components/instant";
import { QualityCard } from "../components/match-quality/quality-card";
import { NoSignalBanner } from "../components/no-signal-banner";
import { PageFault } from "../components/page-fault";
import { SetUpCard } from "../components/set-up-card";
import { Today } from "../components/today";
import { VisitorMemory } from "../components/visitor-memory";
import { heldOf } from "../diagnostics/held.server";
import { memoryOf } from "../diagnostics/memory.server";
import { noSignalOf } from "../diagnostics/no-signal.server";
import { overviewOf } from "../diagnostics/overview.server";
import { qualitySummaryOf } from "../diagnostics/quality-summary.server";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Overview – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { db, now, pixels, registry, store } = running();
  await pixels.lookAfter(shop.domain, graphql);
  const current = registry.shop(shop.domain) ?? shop;
  const at = now();
  const [overview, held, noSignal, alerts] = await Promise.all([
    overviewOf(db, current, pixels.isCurrent(current), at),
    heldOf(db, current),
    noSignalOf(db, current.id, at),
    openAlertsOf(db, current.id),
  ]);
  return defer({
    ...overview,
    held,
    at,
    pixelFault: current.webPixel.fault,
    timezone: current.timezone,
    noSignal,
    alerts: alerts.filter(({ kind }) => !SHOWN_IN_FULL.includes(kind)),
    quality: qualitySummaryOf(db, store, current, at),
    memory: memoryOf(db, current.id, at),
  });
}

/** They have banners of their own here, which know more than an alert does. */
const SHOWN_IN_FULL: readonly AlertKind[] = ["dataset_held", "pixel_fault", "withheld_jump"];

export default function OverviewPage() {
  const { setUp, today, since, held, at, pixelFault, timezone, noSignal, alerts, quality, memory } =
    useLoaderData<typeof loader>();
  // What is done is looked at last.
  const isSetUp = Object.values(setUp).every(Boolean);
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
        {isSetUp ? null : <SetUpCard setUp={setUp} />}
        <Suspense fallback={<Coming />}>
          <Await resolve={quality}>{(summary) => (summary === null ? null : <QualityCard summary={summary} />)}</Await>
        </Suspense>
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
        <Suspense fallback={<Coming />}>
          <Await resolve={memory}>{(known) => <VisitorMemory memory={known} />}</Await>
        </Suspense>
        {isSetUp ? <SetUpCard setUp={setUp} /> : null}
      </BlockStack>
    </Page>
  );
}

function Coming() {
  return (
    <Card>
      <SkeletonBodyText lines={3} />
    </Card>
  );
}

export const ErrorBoundary = PageFault;
