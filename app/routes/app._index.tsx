import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, Page, Text } from "@shopify/polaris";
import { Instant } from "../components/instant";
import { PageFault } from "../components/page-fault";
import { SetUpCard } from "../components/set-up-card";
import { Today } from "../components/today";
import { VisitorMemory } from "../components/visitor-memory";
import { memoryOf } from "../diagnostics/memory.server";
import { overviewOf } from "../diagnostics/overview.server";
import { wordsOf } from "../diagnostics/words";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Overview – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { db, now, pixels, registry } = running();
  await pixels.lookAfter(shop.domain, graphql);
  const current = registry.shop(shop.domain) ?? shop;
  const [overview, memory] = await Promise.all([
    overviewOf(db, current, pixels.isCurrent(current), now()),
    memoryOf(db, current.id, now()),
  ]);
  return {
    ...overview,
    held: overview.held.map(({ dataset, reason }) => ({ dataset, says: wordsOf(reason) })),
    pixelFault: current.webPixel.fault,
    timezone: current.timezone,
    memory,
  };
}

export default function OverviewPage() {
  const { setUp, today, since, held, pixelFault, timezone, memory } = useLoaderData<typeof loader>();
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        {held.map(({ dataset, says }) => (
          <Banner
            key={dataset}
            tone="critical"
            title={`Nothing leaves for dataset ${dataset}`}
            action={{ content: "Open settings", url: "/app/settings" }}
          >
            <p>{says} Events are kept and leave when it is mended, as long as Meta takes them.</p>
          </Banner>
        ))}
        {pixelFault === null ? null : (
          <Banner tone="warning" title="Shopify did not take the pixel's settings">
            <p>{pixelFault} Tandem tries again every minute.</p>
          </Banner>
        )}
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
