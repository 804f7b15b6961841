import { Banner, BlockStack, Text } from "@shopify/polaris";
import { ALERT_KINDS } from "../../alerts/kinds";
import type { OpenAlert } from "../../alerts/view";
import { Instant } from "../instant";

interface OpenProps {
  alerts: readonly OpenAlert[];
  timezone: string | null;
}

/** What is the matter: one banner each, with what it means and what to do. */
export function OpenAlerts({ alerts, timezone }: OpenProps) {
  return alerts.map(({ kind, subject, says, openedAt }) => {
    const { label, means, mend, page } = ALERT_KINDS[kind];
    return (
      <Banner
        key={`${kind} ${subject}`}
        tone="warning"
        title={label}
        action={{ content: "Go there", url: page, accessibilityLabel: `${label}: go there` }}
      >
        <BlockStack gap="200">
          <Text as="p">
            {says} Since <Instant at={openedAt} timezone={timezone} />.
          </Text>
          <Text as="p">{means}</Text>
          <Text as="p">{mend}</Text>
        </BlockStack>
      </Banner>
    );
  });
}
