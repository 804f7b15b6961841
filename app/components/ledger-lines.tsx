import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { Outcome } from "../events/outcome";
import { Instant } from "./instant";
import { OutcomeBadge } from "./outcome-badge";

/** What the ledger said of an order at some time. */
export interface ToldLine {
  n: number;
  sealedAt: number;
  outcome: Outcome;
  reason: string | null;
  hash: string;
  current: boolean;
}

/** All that the ledger said of one order, the last word last. */
export function LedgerLines({ lines, timezone }: { lines: readonly ToldLine[]; timezone: string | null }) {
  return (
    <BlockStack gap="300">
      {lines.map((line) => (
        <BlockStack key={line.n} gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Text as="span">Line {line.n}</Text>
            <OutcomeBadge outcome={line.outcome} />
            <Text as="span" tone="subdued">
              <Instant at={line.sealedAt} timezone={timezone} />
              {line.current ? ", the last word" : ""}
            </Text>
          </InlineStack>
          <Text as="p" tone="subdued" breakWord>
            {line.hash}
          </Text>
        </BlockStack>
      ))}
    </BlockStack>
  );
}
