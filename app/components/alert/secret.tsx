import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { Verbatim } from "../verbatim";

/** The webhook's secret: shown when it is asked for, and made anew. */
export function WebhookSecret() {
  const fetcher = useFetcher<{ secret: string }>();
  const ask = (intent: "secret" | "renew") => fetcher.submit({ intent }, { method: "post" });
  const busy = fetcher.state !== "idle";
  return (
    <BlockStack gap="200">
      <Text as="p" tone="subdued">
        Each webhook bears X-Tandem-Hmac-Sha256: the HMAC-SHA256 of its body by this shop's secret, in base64. Compare
        it before you believe what a webhook says.
      </Text>
      <InlineStack gap="300">
        <Button onClick={() => ask("secret")} loading={busy}>
          Show the secret
        </Button>
        <Button onClick={() => ask("renew")} disabled={busy} tone="critical">
          Make a new secret
        </Button>
      </InlineStack>
      <div aria-live="polite">
        {fetcher.data?.secret ? <Verbatim label="The webhook's secret" text={fetcher.data.secret} /> : null}
      </div>
    </BlockStack>
  );
}
