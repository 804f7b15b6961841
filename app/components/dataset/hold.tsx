import { useFetcher } from "@remix-run/react";
import { Button, TextField } from "@shopify/polaris";
import { useState } from "react";
import { Done } from "./done";
import { type DatasetView, SETTINGS, type SettingsAnswer } from "./view";

/** For how long a Purchase waits for the shopper's browser. */
export function Hold({ view }: { view: Pick<DatasetView, "dataset" | "holdSeconds"> }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [holdSeconds, setHoldSeconds] = useState(String(view.holdSeconds));
  return (
    <fetcher.Form method="post" action={SETTINGS}>
      <input type="hidden" name="intent" value="configure" />
      <input type="hidden" name="dataset" value={view.dataset} />
      <TextField
        label="Hold a Purchase for"
        name="holdSeconds"
        type="number"
        min={0}
        max={300}
        suffix="seconds"
        value={holdSeconds}
        onChange={setHoldSeconds}
        error={fetcher.data?.faults.holdSeconds ?? false}
        helpText="So that the shopper's browser can add what it knows. 0 to 300."
        autoComplete="off"
        connectedRight={
          <Button submit disabled={holdSeconds === String(view.holdSeconds)} loading={fetcher.state !== "idle"}>
            Save
          </Button>
        }
      />
      <Done answer={fetcher.data} />
    </fetcher.Form>
  );
}
