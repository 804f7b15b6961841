import { useFetcher } from "@remix-run/react";
import { Button, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Done } from "./done";
import { type DatasetView, SETTINGS, type SettingsAnswer } from "./view";

/** The code that makes Meta show what a dataset gets under Test Events. */
export function TestCode({ view }: { view: Pick<DatasetView, "dataset" | "testCode"> }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [testCode, setTestCode] = useState(view.testCode ?? "");
  // The page may have been open since before the code cleared itself.
  useEffect(() => setTestCode(view.testCode ?? ""), [view.testCode]);
  return (
    <fetcher.Form method="post" action={SETTINGS}>
      <input type="hidden" name="intent" value="configure" />
      <input type="hidden" name="dataset" value={view.dataset} />
      <TextField
        label="Test event code"
        name="testCode"
        value={testCode}
        onChange={setTestCode}
        error={fetcher.data?.faults.testCode ?? false}
        helpText="From Test Events in Events Manager. Leave it empty for normal operation."
        autoComplete="off"
        connectedRight={
          <Button submit disabled={testCode === (view.testCode ?? "")} loading={fetcher.state !== "idle"}>
            {testCode === "" && view.testCode !== null ? "Take away" : "Set"}
          </Button>
        }
      />
      <Done answer={fetcher.data} />
    </fetcher.Form>
  );
}
