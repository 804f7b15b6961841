import { useFetcher } from "@remix-run/react";
import { Button, FormLayout, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import { Done } from "./done";
import type { DatasetView, SettingsAnswer } from "./view";

/** What may be changed without the token. */
export function Configuration({ view }: { view: DatasetView }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [testCode, setTestCode] = useState(view.testCode ?? "");
  const [holdSeconds, setHoldSeconds] = useState(String(view.holdSeconds));
  const faults = fetcher.data?.faults ?? {};
  const changed = testCode !== (view.testCode ?? "") || holdSeconds !== String(view.holdSeconds);
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="configure" />
      <input type="hidden" name="dataset" value={view.dataset} />
      <FormLayout>
        <FormLayout.Group>
          <TextField
            label="Test event code"
            name="testCode"
            value={testCode}
            onChange={setTestCode}
            error={faults.testCode ?? false}
            helpText="From Test Events in Events Manager. Leave it empty for normal operation."
            autoComplete="off"
          />
          <TextField
            label="Hold a Purchase for"
            name="holdSeconds"
            type="number"
            min={0}
            max={300}
            suffix="seconds"
            value={holdSeconds}
            onChange={setHoldSeconds}
            error={faults.holdSeconds ?? false}
            helpText="So that the shopper's browser can add what it knows. 0 to 300."
            autoComplete="off"
          />
        </FormLayout.Group>
        <InlineStack gap="300" blockAlign="center">
          <Button submit disabled={!changed} loading={fetcher.state !== "idle"}>
            Save
          </Button>
          <Done answer={fetcher.data} />
        </InlineStack>
      </FormLayout>
    </fetcher.Form>
  );
}
