import { useFetcher } from "@remix-run/react";
import { Button, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { SettingsAnswer } from "./view";

/** Takes a token's place; the one in use is not shown. */
export function NewToken({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [token, setToken] = useState("");
  const done = fetcher.data?.done ?? null;
  // A token must not stay in its field: each answer that says it was taken empties it.
  useEffect(() => {
    if (fetcher.data?.done) setToken("");
  }, [fetcher.data]);
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="connect" />
      <input type="hidden" name="dataset" value={dataset} />
      <TextField
        label="New access token"
        name="token"
        type="password"
        value={token}
        onChange={setToken}
        error={fetcher.data?.faults.token ?? false}
        helpText={done ?? "The one in use is sealed and never shown."}
        autoComplete="off"
        connectedRight={
          <Button submit disabled={token === ""} loading={fetcher.state !== "idle"}>
            Replace
          </Button>
        }
      />
    </fetcher.Form>
  );
}
