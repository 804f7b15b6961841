import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { Verbatim } from "../verbatim";
import { SETTINGS, type SettingsAnswer } from "./view";

/** A button, and Meta's answer. */
export function TestEvent({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const test = fetcher.data?.test ?? null;
  const fault = fetcher.data?.faults.test;
  return (
    <BlockStack gap="300">
      <InlineStack gap="300" blockAlign="center">
        <Button
          onClick={() => fetcher.submit({ intent: "test", dataset }, { method: "post", action: SETTINGS })}
          loading={fetcher.state !== "idle"}
        >
          Send a test event
        </Button>
        <Text as="span" tone="subdued">
          A custom event named TandemTest, without a value.
        </Text>
      </InlineStack>
      <div aria-live="polite">
        {fault === undefined ? null : (
          <Text as="p" tone="critical">
            {fault}
          </Text>
        )}
        {test === null ? null : (
          <BlockStack gap="200">
            <Banner
              tone={test.accepted ? "success" : "critical"}
              title={test.accepted ? "Meta took it." : "Meta did not take the test event."}
            >
              <p>
                {test.accepted ? null : `${test.says} `}
                {test.status === null ? "No answer" : `HTTP ${test.status}`} for {test.eventId}. Meta's answer, word for
                word:
              </p>
            </Banner>
            <Verbatim label="Meta's answer" text={test.answer} />
          </BlockStack>
        )}
      </div>
    </BlockStack>
  );
}
