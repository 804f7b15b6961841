import { BlockStack, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { Mend } from "../../diagnostics/gap-words";
import type { Gap } from "../../diagnostics/reconciliation";
import { OutcomeBadge } from "../outcome-badge";
import { AmountText } from "./amounts";

/** A gap with its words. */
export interface WordedGap extends Gap {
  says: string;
  mend: Mend | null;
  /** Its orders, one by one. */
  orders: string;
}

/** Why orders are not with Meta: how many, in words, and what mends it. */
export function Gaps({ gaps, currency }: { gaps: readonly WordedGap[]; currency: string | null }) {
  return (
    <BlockStack gap="300">
      {gaps.map((gap, index) => (
        <Fragment key={gap.orders}>
          {index === 0 ? null : <Divider />}
          <BlockStack gap="100">
            <InlineStack gap="200" blockAlign="center">
              <OutcomeBadge outcome={gap.outcome} />
              <Text as="h3" variant="headingSm">
                <AmountText amount={gap} currency={currency} />
              </Text>
            </InlineStack>
            <Text as="p">{gap.says}</Text>
            <InlineStack gap="300">
              <Link url={gap.orders}>Show these orders</Link>
              {gap.mend === null ? null : <Link url={gap.mend.url}>{gap.mend.label}</Link>}
            </InlineStack>
          </BlockStack>
        </Fragment>
      ))}
    </BlockStack>
  );
}
