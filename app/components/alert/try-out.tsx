import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { CHANNELS, type Channel } from "../../alerts/channels";

/** What came of a test alert, by channel. */
export interface TryOutAnswer {
  /** Why it was not tried at all; null: it was. */
  soon: string | null;
  tried: { channel: Channel; ok: boolean; says: string }[];
}

/** A button, and what each channel answered. */
export function TryOut({ action, ready }: { action: string; ready: boolean }) {
  const fetcher = useFetcher<TryOutAnswer>();
  const answer = fetcher.data;
  return (
    <BlockStack gap="200">
      <InlineStack gap="300" blockAlign="center">
        <Button
          onClick={() => fetcher.submit({ intent: "test" }, { method: "post", action })}
          loading={fetcher.state !== "idle"}
          disabled={!ready}
        >
          Send a test alert
        </Button>
        <Text as="span" tone="subdued">
          {ready ? "Over each channel that has an address." : "Save an address first."}
        </Text>
      </InlineStack>
      <div aria-live="polite">
        {answer?.soon ? (
          <Text as="p" tone="critical">
            {answer.soon}
          </Text>
        ) : null}
        {answer?.tried.map(({ channel, ok, says }) => (
          <Text key={channel} as="p" tone={ok ? "success" : "critical"} breakWord>
            {CHANNELS[channel].label}: {ok ? "sent." : "not sent."} {says}
          </Text>
        ))}
      </div>
    </BlockStack>
  );
}
