import { Banner, BlockStack, Link, List } from "@shopify/polaris";
import type { NoSignal } from "../consent/no-signal";

interface NoSignalBannerProps {
  noSignal: NoSignal;
  /** On the page of the consent table, which needs no link to itself. */
  besideTable: boolean;
}

/** Orders that nothing is known of: what may be behind them, and what helps. */
export function NoSignalBanner({ noSignal: { withheld, orders, jump }, besideTable }: NoSignalBannerProps) {
  if (withheld === 0) return null;
  return (
    <Banner
      tone={jump ? "warning" : "info"}
      {...(besideTable ? {} : { action: { content: "Consent", url: "/app/consent" } })}
      title={`${withheld} of ${orders} purchases of the last 7 days were not sent: no consent signal was heard.`}
    >
      <BlockStack gap="200">
        {jump ? (
          <p>That is far more than in the six days before. Look whether the pixel and the consent banner still run.</p>
        ) : null}
        <p>
          Shopify loads the pixel only for shoppers who agreed to marketing. So a shopper who refused, one whose browser
          blocks the pixel, one who closed the tab and a pixel that is paused look alike from here: nobody can tell them
          apart, and Tandem does not guess.
        </p>
        <List>
          <List.Item>
            Switch the <Link url="/app">cart signals embed</Link> on: what a shopper agreed to then travels with the
            order itself.
          </List.Item>
          <List.Item>
            In Shopify, Settings › Customer events: set Tandem's data access to "Always on" rather than "Optimized".
          </List.Item>
        </List>
      </BlockStack>
    </Banner>
  );
}
