import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Card, InlineGrid, Link, Page, Select, Text } from "@shopify/polaris";
import { TestCode } from "../components/dataset/test-code";
import { TestEvent } from "../components/dataset/test-event";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { Live } from "../components/test-events/live";
import { sentOf } from "../diagnostics/sent.server";
import { wordsOf } from "../diagnostics/words";
import { running } from "../running.server";
import { connectedDatasets, type Dataset } from "../settings/registry.server";
import { liveTestCode, testCodeEnds } from "../settings/test-code";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Test events – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { store, now } = running();
  const at = now();
  const connected = connectedDatasets(shop);
  const asked = new URL(request.url).searchParams.get("dataset");
  const chosen = connected.find(({ dataset }) => dataset === asked) ?? connected[0];
  return {
    datasets: connected.map((dataset) => ({ ...codeOf(dataset, at), dataset: dataset.dataset })),
    chosen:
      chosen === undefined
        ? null
        : {
            dataset: chosen.dataset,
            held: chosen.heldReason === null ? null : wordsOf(chosen.heldReason),
            ...codeOf(chosen, at),
            sent: await sentOf(store, shop, chosen, at),
          },
    timezone: shop.timezone,
  };
}

function codeOf(dataset: Dataset, at: number) {
  return { testCode: liveTestCode(dataset, at), testCodeUntil: testCodeEnds(dataset, at) };
}

export default function TestEventsPage() {
  const { datasets, chosen, timezone } = useLoaderData<typeof loader>();
  const [, setQuery] = useSearchParams();
  return (
    <Page title="Test events" subtitle="Send one, visit your shop, and watch both copies of each event leave.">
      <BlockStack gap="400">
        {chosen === null ? (
          <Card>
            <Nothing heading="No dataset is connected" hint="Connect one under Settings." />
          </Card>
        ) : (
          <>
            <NotMetasView />
            <Card>
              <BlockStack gap="400">
                {datasets.length > 1 ? (
                  <Select
                    label="Dataset"
                    options={datasets.map(({ dataset, testCode }) => ({
                      value: dataset,
                      label: testCode === null ? dataset : `${dataset}, test code ${testCode} is on`,
                    }))}
                    value={chosen.dataset}
                    onChange={(dataset) => setQuery({ dataset })}
                  />
                ) : (
                  <Text as="h2" variant="headingMd">
                    Dataset {chosen.dataset}
                  </Text>
                )}
                {chosen.held === null ? null : (
                  <Banner tone="critical" title="On hold">
                    <p>
                      {chosen.held} Only test events leave for it. <Link url="/app/settings">Settings</Link>
                    </p>
                  </Banner>
                )}
                {chosen.testCode === null || chosen.testCodeUntil === null ? (
                  <Text as="p">
                    No test code is set: what is sent counts as real at Meta, and does not show under its Test Events.
                  </Text>
                ) : (
                  <Text as="p">
                    Test code <strong>{chosen.testCode}</strong> is on until{" "}
                    <Instant at={chosen.testCodeUntil} timezone={timezone} />: everything the server sends carries it,
                    the browser's copies do not.
                  </Text>
                )}
                <InlineGrid columns={{ xs: 1, md: 2 }} gap="400" alignItems="start">
                  <TestCode key={chosen.dataset} view={chosen} />
                  <TestEvent key={chosen.dataset} dataset={chosen.dataset} />
                </InlineGrid>
              </BlockStack>
            </Card>
            <Live key={chosen.dataset} loaded={chosen.sent} timezone={timezone} />
          </>
        )}
      </BlockStack>
    </Page>
  );
}

/** What is known here, and what is not. */
function NotMetasView() {
  return (
    <Banner tone="info">
      <p>
        This is what Tandem saw leave, and what Meta answered its server. It is not Meta's own view: that is in Events
        Manager, under your dataset, in the tab Test events. Nobody confirms the browser's copies: “left the browser” is
        not “received by Meta”.
      </p>
    </Banner>
  );
}

export const ErrorBoundary = PageFault;
