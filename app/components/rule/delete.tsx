import { useFetcher } from "@remix-run/react";
import { Button, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import type { RuleAnswer } from "./view";

/** Asks first. */
export function DeleteRule({ rule: { key, name } }: { rule: { key: string; name: string } }) {
  const fetcher = useFetcher<RuleAnswer>();
  const [asked, setAsked] = useState(false);
  const remove = () => fetcher.submit({ intent: "delete", key }, { method: "post", action: "/app/rules?index" });
  return (
    <>
      <Button tone="critical" variant="plain" onClick={() => setAsked(true)} accessibilityLabel={`Delete ${name}`}>
        Delete
      </Button>
      <Modal
        open={asked}
        onClose={() => setAsked(false)}
        title={`Delete ${name}?`}
        primaryAction={{ content: "Delete", destructive: true, loading: fetcher.state !== "idle", onAction: remove }}
        secondaryActions={[{ content: "Keep it", onAction: () => setAsked(false) }]}
      >
        <Modal.Section>
          <Text as="p">
            No new event is made of it, and what still waits is not sent. What Meta has had stays there. To pause it,
            switch it off instead.
          </Text>
        </Modal.Section>
      </Modal>
    </>
  );
}
