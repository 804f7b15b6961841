import { Banner, BlockStack, Box, Card, Text } from "@shopify/polaris";
import { counted } from "../../counted";
import { SENT_BOUNDS, type Sent } from "../../diagnostics/sent";
import { Instant } from "../instant";
import { Nothing } from "../nothing";
import { SentList } from "./sent-list";
import { useSent } from "./use-sent";

/** What leaves for a dataset, as it leaves. */
export function Live({ loaded, timezone }: { loaded: Sent; timezone: string | null }) {
  const { sent, resting, goOn, failed } = useSent(loaded);
  const { lines, since, withCode } = sent;
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            What Tandem saw leave
          </Text>
          <Text as="p" tone="subdued">
            {withCode ? "Since the test code was set, " : "No test code is on: all of the last hour, since "}
            <Instant at={since} timezone={timezone} />. The latest {SENT_BOUNDS.lines}, among the shop's last{" "}
            {counted(SENT_BOUNDS.events, "event")}; it looks again every two seconds.
          </Text>
          <div aria-live="polite">
            <Text as="p" visuallyHidden>
              {counted(lines.length, "event")}
            </Text>
            {failed ? (
              <Text as="p" tone="caution">
                Tandem could not be asked just now; it is tried again.
              </Text>
            ) : null}
          </div>
          {resting ? (
            <Banner title="Nothing new for ten minutes" action={{ content: "Go on", onAction: goOn }}>
              <p>This page has stopped looking.</p>
            </Banner>
          ) : null}
        </BlockStack>
      </Box>
      {lines.length === 0 ? (
        <Nothing
          heading="Nothing has left yet"
          hint="Send a test event, or visit your shop: it appears here by itself."
        />
      ) : (
        <SentList lines={lines} timezone={timezone} />
      )}
    </Card>
  );
}
