import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Card, DescriptionList, Divider, InlineStack, Link, List, Page, Text } from "@shopify/polaris";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { counted } from "../counted";
import { RETENTION, RETENTION_CLASSES } from "../outbox/retention";
import { receiptWords } from "../privacy/receipt";
import { requestsOf } from "../privacy/requests.server";
import { COMPLIANCE } from "../privacy/topics";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Privacy – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, retention } = running();
  const requests = await requestsOf(shop.id, db);
  return {
    requests: requests.map(({ topic, receipt, ...rest }) => ({
      ...rest,
      ...COMPLIANCE[topic],
      did: receipt === null ? null : receiptWords(receipt),
    })),
    kept: RETENTION_CLASSES.map((what) => ({ what, days: retention[what], says: RETENTION[what].what })),
    timezone: shop.timezone,
  };
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

export default function PrivacyPage() {
  const { requests, kept, timezone } = useLoaderData<typeof loader>();
  return (
    <Page title="Privacy" subtitle="What is kept of shoppers, for how long, and what was done when they asked.">
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What shoppers asked for
            </Text>
            {requests.length === 0 ? (
              <Nothing
                heading="Nobody has asked"
                hint="When a customer asks you for their data, or to erase it, Shopify tells Tandem, and what was done stands here."
              />
            ) : (
              requests.map((request, n) => (
                <BlockStack key={request.id} gap="300">
                  {n === 0 ? null : <Divider />}
                  <Request request={request} timezone={timezone} />
                </BlockStack>
              ))
            )}
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What is kept, and how
            </Text>
            <List>
              <List.Item>
                Names, e-mail, phone and address are hashed in memory as they arrive: they are written down nowhere.
              </List.Item>
              <List.Item>
                IP addresses, browsers, Meta’s cookies, tokens and what was sent are sealed (AES-256-GCM) under a key of
                this shop’s own.
              </List.Item>
              <List.Item>Erased means overwritten in the database’s files, too.</List.Item>
            </List>
            <DescriptionList
              items={kept.map(({ days, says }) => ({ term: counted(days, "day"), description: `${sentence(says)}.` }))}
            />
            <Text as="p" tone="subdued">
              Whoever runs Tandem can choose other times.
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function Request({ request, timezone }: { request: Loaded["requests"][number]; timezone: string | null }) {
  const { id, says, receivedAt, closedAt, did, erases, sweptAt, reportable } = request;
  return (
    <InlineStack align="space-between" blockAlign="start" gap="200">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {says}
        </Text>
        <Text as="p" tone="subdued">
          Asked <Instant at={receivedAt} timezone={timezone} />
        </Text>
        <Text as="p">
          {closedAt === null ? (
            "Not done yet: it is tried each second."
          ) : (
            <>
              Done <Instant at={closedAt} timezone={timezone} />
              {did === null ? "" : `: ${did}`}
              {erases && sweptAt === null ? "; the database’s files are rewritten by night" : ""}.
            </>
          )}
        </Text>
      </BlockStack>
      {reportable ? (
        <Box>
          <Link url={`/app/privacy/${id}`}>See and download the report</Link>
        </Box>
      ) : null}
    </InlineStack>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const ErrorBoundary = PageFault;
