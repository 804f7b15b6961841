import { useFetcher } from "@remix-run/react";
import { Button, FormLayout, InlineStack, TextField } from "@shopify/polaris";
import { type FormEvent, useEffect, useState } from "react";
import { Done } from "./done";
import type { DatasetView, SettingsAnswer } from "./view";

/** What may be changed without the token. */
export function Configuration({ view }: { view: DatasetView }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [testCode, setTestCode] = useState(view.testCode ?? "");
  const [holdSeconds, setHoldSeconds] = useState(String(view.holdSeconds));
  const faults = fetcher.data?.faults ?? {};
  // The page may have been open since before the code cleared itself.
  useEffect(() => setTestCode(view.testCode ?? ""), [view.testCode]);
  const changes = {
    ...(testCode === (view.testCode ?? "") ? {} : { testCode }),
    ...(holdSeconds === String(view.holdSeconds) ? {} : { holdSeconds }),
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    fetcher.submit({ intent: "configure", dataset: view.dataset, ...changes }, { method: "post" });
  };
  return (
    <form onSubmit={save}>
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
          <Button submit disabled={Object.keys(changes).length === 0} loading={fetcher.state !== "idle"}>
            Save
          </Button>
          <Done answer={fetcher.data} />
        </InlineStack>
      </FormLayout>
    </form>
  );
}
