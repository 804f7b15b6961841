import { BlockStack, Card, Text } from "@shopify/polaris";
import type { Memory } from "../diagnostics/memory";

/** How long visitors are remembered, as measured. */
export function VisitorMemory({ memory }: { memory: Memory }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Visitor memory
        </Text>
        <Text as="p">{wordsOf(memory)}</Text>
        <Text as="p" tone="subdued">
          Who agreed to marketing is remembered by Shopify's visitor id and by customer, for 90 days at the most, so
          that an order carries the click that brought its buyer. A refusal erases it.
        </Text>
      </BlockStack>
    </Card>
  );
}

function wordsOf({ visitors, returning, median, longest }: Memory): string {
  if (visitors === 0) return "Nobody is remembered yet.";
  if (median === null || longest === null) {
    return `${count(visitors)} heard of in the last 28 days; none of them came back on another day yet.`;
  }
  return `Of ${count(visitors)} in the last 28 days, ${returning} came back on another day: after ${days(median)} in the middle, after ${days(longest)} at the longest.`;
}

function count(visitors: number): string {
  return visitors === 1 ? "1 visitor" : `${visitors.toLocaleString("en")} visitors`;
}

function days(n: number): string {
  return n === 1 ? "1 day" : `${n} days`;
}
