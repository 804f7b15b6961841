import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { counted } from "../../counted";
import type { Amount } from "../../diagnostics/reconciliation";
import { sumText } from "../money";

/** How many orders it is, and what they are worth. */
export function AmountText({ amount, currency }: { amount: Amount; currency: string | null }) {
  return (
    <>
      {counted(amount.count, "order")}, {sumText(amount.sum, currency)}
    </>
  );
}

/** A line with words on the left and numbers on the right, which stand below them where it is narrow. */
export function Line({ children, numbers }: { children: ReactNode; numbers: ReactNode }) {
  return (
    <InlineStack align="space-between" gap="200" blockAlign="center">
      <BlockStack gap="050">{children}</BlockStack>
      <Text as="span" alignment="end" numeric>
        {numbers}
      </Text>
    </InlineStack>
  );
}
