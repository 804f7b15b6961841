import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Card, EmptyState, InlineStack, Page, Text } from "@shopify/polaris";
import { overviewOf } from "../diagnostics/overview.server";
import { running } from "../running.server";
import { shopify } from "../shopify.server";

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await shopify().authenticate.admin(request);
  const { db, registry, now } = running();
  await registry.refresh();
  const shop = registry.shop(session.shop);
  if (shop === undefined) throw new Response("This shop is not installed.", { status: 404 });
  return overviewOf(db, shop, now());
}

const STATES = {
  flows: { label: "Connected", tone: "success" },
  held: { label: "On hold", tone: "critical" },
  disconnected: { label: "Disconnected", tone: "info" },
} as const;

export default function OverviewPage() {
  const { datasets, counts } = useLoaderData<typeof loader>();
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        <Card>
          {datasets.length === 0 ? (
            <EmptyState heading="No dataset yet" image="">
              <p>Connect a Meta dataset to this shop: `npm run tandem -- shop connect`.</p>
            </EmptyState>
          ) : (
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                Datasets
              </Text>
              {datasets.map(({ dataset, state }) => (
                <InlineStack key={dataset} gap="200">
                  <Text as="span">{dataset}</Text>
                  <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>
                </InlineStack>
              ))}
            </BlockStack>
          )}
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              Server events of the last 7 days
            </Text>
            {counts.length === 0 ? (
              <Text as="p" tone="subdued">
                Nothing has ended yet.
              </Text>
            ) : (
              counts.map(({ outcome, count }) => (
                <InlineStack key={outcome} gap="200">
                  <Text as="span">{outcome}</Text>
                  <Text as="span" fontWeight="semibold">
                    {String(count)}
                  </Text>
                </InlineStack>
              ))
            )}
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}
