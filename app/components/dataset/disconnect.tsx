import { useFetcher } from "@remix-run/react";
import { Button, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import type { SettingsAnswer } from "./view";

/** Asks first. */
export function Disconnect({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [asked, setAsked] = useState(false);
  const disconnect = () => fetcher.submit({ intent: "disconnect", dataset }, { method: "post" });
  return (
    <>
      <Button tone="critical" variant="plain" onClick={() => setAsked(true)}>
        Disconnect
      </Button>
      <Modal
        open={asked}
        onClose={() => setAsked(false)}
        title={`Disconnect dataset ${dataset}?`}
        primaryAction={{
          content: "Disconnect",
          destructive: true,
          loading: fetcher.state !== "idle",
          onAction: disconnect,
        }}
        secondaryActions={[{ content: "Keep it", onAction: () => setAsked(false) }]}
      >
        <Modal.Section>
          <Text as="p">
            Nothing more is sent to it, from browsers or from the server. What still waits for it is withheld.
          </Text>
        </Modal.Section>
      </Modal>
    </>
  );
}
