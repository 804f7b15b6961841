import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  Divider,
  InlineGrid,
  InlineStack,
  Link,
  Text,
} from "@shopify/polaris";
import { Instant } from "../instant";
import { Disconnect } from "./disconnect";
import { Hold } from "./hold";
import { NewToken } from "./new-token";
import { TestCode } from "./test-code";
import { TestEvent } from "./test-event";
import type { DatasetView } from "./view";

interface CardProps {
  view: DatasetView;
  timezone: string | null;
}

/** One dataset: its state, its settings, its token, a test, and the way out. */
export function DatasetCard({ view, timezone }: CardProps) {
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Dataset {view.dataset}
          </Text>
          <Badge tone={view.held === null ? "success" : "critical"}>
            {view.held === null ? "Connected" : "On hold"}
          </Badge>
        </InlineStack>
        {view.held === null ? null : <Banner tone="critical">{view.held}</Banner>}
        {view.testCode === null || view.testCodeUntil === null ? null : (
          <Banner tone="warning" title={`Test code ${view.testCode} is set`}>
            <p>
              Everything this dataset gets carries it and shows under Test Events. It clears itself at{" "}
              <Instant at={view.testCodeUntil} timezone={timezone} />.{" "}
              <Link url={`/app/test-events?${new URLSearchParams({ dataset: view.dataset })}`}>Watch it arrive</Link>
            </p>
          </Banner>
        )}
        <InlineStack gap="300" blockAlign="center">
          <Button url={`/app/datasets/${view.dataset}`}>What is sent</Button>
          <Text as="span" tone="subdued">
            When a Purchase counts, its value, how goods are named, filters.
          </Text>
        </InlineStack>
        <Divider />
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
          <TestCode view={view} />
          <Hold view={view} />
        </InlineGrid>
        <Divider />
        <TestEvent dataset={view.dataset} />
        <Divider />
        <InlineStack align="space-between" gap="300" blockAlign="end">
          <NewToken dataset={view.dataset} />
          <Disconnect dataset={view.dataset} />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
